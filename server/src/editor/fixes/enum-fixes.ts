import type { DatabaseEnum } from '../../database/model'
import { labelOf } from '../../expected/attributes'
import type { Found } from '../../schema/lookup'
import { rangeInFile, type EnumBlock } from '../../schema/model'
import type { SourceLines } from '../../schema/edits/source-lines'
import { identifier, mapOf } from './new-blocks'
import type { SchemaFix } from './schema-fix'
import type { Translate } from '../../text/translate'

/** `enum-values`: adds the values that only the database has. */
export function enumValuesFixes(
  t: Translate,
  actual: DatabaseEnum,
  { file, placed, block }: Found<EnumBlock>,
  lines: SourceLines,
): SchemaFix[] {
  const known = new Set(block.values.map(labelOf))
  const missing = actual.values.filter((value) => !known.has(value))
  const last = block.values.at(-1)
  if (missing.length === 0 || last === undefined) return []
  const { start, end } = rangeInFile(placed, last.range)
  const position = lines.endOfTrailingComments(end)
  const indentation = lines.line(start.line).slice(0, start.character)
  if (indentation.trim() !== '') return []
  const newText = missing.map((value) => {
    const map = mapOf(value, '@map')
    return lines.lineBreak + indentation + identifier(value) + (map === '' ? '' : ` ${map}`)
  })
  const title = t('Add {0} to {1}, as in the database', missing.join(', '), block.name.text)
  const edits = [{ file: file.path, range: { start: position, end: position }, newText: newText.join('') }]
  return [{ title, edits, isPreferred: false }]
}
