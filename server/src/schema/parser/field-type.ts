import type { FieldType, Name } from '../model'
import { stringValue } from './strings'
import type { TokenCursor } from './token-cursor'
import { phrase } from '../../text/phrase'

/**
 * Parses the type of a field, including the syntax of Prisma 1 (`name: Type!`, `[Type]`), which later versions reject.
 */
export function parseFieldType(cursor: TokenCursor, field: Name): FieldType {
  if (cursor.accept(':')) cursor.report(phrase`Fields have no colon.`, field.range)
  const { start } = cursor
  const isLegacyList = cursor.accept('[')
  if (!cursor.at('word')) {
    cursor.report(phrase`The field ${field.text} needs a type.`, field.range)
    return { name: '', arity: 'required', unsupported: null, range: cursor.emptyRange }
  }
  const name = cursor.text
  cursor.advance()
  const unsupported = name === 'Unsupported' && cursor.at('(') ? parseUnsupported(cursor) : null
  if (isLegacyList && !cursor.accept(']')) cursor.report(phrase`The closing ] is missing.`, cursor.rangeFrom(start))
  let arity: FieldType['arity'] = isLegacyList ? 'list' : 'required'
  if (cursor.at('[') && cursor.kindAfter(1) === ']') {
    cursor.advance()
    cursor.advance()
    arity = 'list'
  }
  if (cursor.accept('?') && arity === 'required') arity = 'optional'
  cursor.accept('!')
  return { name, arity, unsupported, range: cursor.rangeFrom(start) }
}

function parseUnsupported(cursor: TokenCursor): string {
  const opening = cursor.range
  cursor.advance()
  let type = ''
  if (cursor.at('string') || cursor.at('open string')) {
    type = stringValue(cursor.text)
    cursor.advance()
  } else cursor.report(phrase`The database type is missing, as in Unsupported("circle").`, opening)
  if (!cursor.accept(')')) cursor.report(phrase`The closing ) is missing.`, opening)
  return type
}
