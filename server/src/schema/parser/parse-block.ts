import type {
  Attribute,
  Block,
  ConfigurationBlock,
  EnumBlock,
  EnumValue,
  Field,
  ModelBlock,
  Name,
  Property,
  Range,
} from '../model'
import type { WordPool } from '../word-pool'
import { parseAttribute, parseName, parseValue } from './expressions'
import { parseFieldType } from './field-type'
import { isComment, TokenCursor } from './token-cursor'
import { trimmed } from '../../trimmed'
import { phrase } from '../../text/phrase'

/**
 * Parses the source of one block, including the comments directly above, as `findBlocks` delimits it. Ranges count from
 * the keyword's line. Recovers from any error at the next line; errors are in the block's `problems`. `words` interns
 * the words of the file.
 */
export function parseBlock(source: string, words: WordPool): Block {
  return new BlockParser(new TokenCursor(source, words)).parse()
}

/** The parts with which every line of a block starts. */
interface Member {
  readonly name: Name
  /** The first token. */
  readonly start: number
}

/** Adds a member whose documentation is complete: comments behind it belong to it, too. */
type AddMember = (documentation: readonly string[]) => void

class BlockParser {
  /** The comment lines directly above the current line; null if the line above is not a comment. */
  private documentation: string[] | null = null
  /** Comments that wait for the next member: Prisma allows blank lines between a member and its comments. */
  private pending: string[] = []

  constructor(private readonly cursor: TokenCursor) {}

  parse(): Block {
    const { cursor } = this
    this.skipToMember()
    cursor.startAtThisLine()
    const { start } = cursor
    const keyword = cursor.text
    cursor.advance()
    const name = parseName(cursor)
    const documentation = trimmed(this.takeDocumentation())
    cursor.accept('{')
    this.skipRestOfHeader()
    switch (keyword) {
      case 'enum':
        return this.parseEnum({ name, documentation }, start)
      case 'datasource':
      case 'generator':
        return this.parseConfiguration({ kind: keyword, name, documentation }, start)
      default:
        return this.parseModel(
          { kind: keyword === 'view' || keyword === 'type' ? keyword : 'model', name, documentation },
          start,
        )
    }
  }

  private parseModel(head: Pick<ModelBlock, 'kind' | 'name' | 'documentation'>, start: number): ModelBlock {
    const fields: Field[] = []
    const attributes: Attribute[] = []
    const closingBrace = this.readMembers(attributes, (member) => this.parseField(member, fields))
    const range = this.cursor.rangeUpTo(start, closingBrace)
    const { problems } = this.cursor
    return { ...head, fields, attributes: trimmed(attributes), range, closingBrace, problems }
  }

  private parseEnum(head: Pick<EnumBlock, 'name' | 'documentation'>, start: number): EnumBlock {
    const values: EnumValue[] = []
    const attributes: Attribute[] = []
    const closingBrace = this.readMembers(attributes, ({ name, start: valueStart }) => {
      const valueAttributes = this.parseFieldAttributes()
      const range = this.cursor.rangeFrom(valueStart)
      return (documentation) => values.push({ name, attributes: valueAttributes, documentation, range })
    })
    const { problems } = this.cursor
    return {
      kind: 'enum',
      ...head,
      values,
      attributes,
      range: this.cursor.rangeUpTo(start, closingBrace),
      closingBrace,
      problems,
    }
  }

  private parseConfiguration(
    head: Pick<ConfigurationBlock, 'kind' | 'name' | 'documentation'>,
    start: number,
  ): ConfigurationBlock {
    const { cursor } = this
    const properties: Property[] = []
    const closingBrace = this.readMembers([], ({ name, start: propertyStart }) => {
      if (!cursor.accept('=')) cursor.report(phrase`The property ${name.text} needs = and a value.`, name.range)
      const value = parseValue(cursor)
      const range = cursor.rangeFrom(propertyStart)
      return () => properties.push({ name, value, range })
    })
    return {
      ...head,
      properties,
      range: this.cursor.rangeUpTo(start, closingBrace),
      closingBrace,
      problems: cursor.problems,
    }
  }

  private parseField({ name, start }: Member, fields: Field[]): AddMember {
    const { cursor } = this
    const type = parseFieldType(cursor, name)
    const attributes = this.parseFieldAttributes()
    const range = cursor.rangeFrom(start)
    return (documentation) => fields.push({ name, type, attributes, documentation, range })
  }

  private parseFieldAttributes(): readonly Attribute[] {
    const attributes: Attribute[] = []
    while (this.cursor.kind === '@') attributes.push(parseAttribute(this.cursor))
    return trimmed(attributes)
  }

  /** Reads to the closing brace and returns its range, or an empty one at the end if it is missing. */
  private readMembers(attributes: Attribute[], readMember: (member: Member) => AddMember): Range {
    const { cursor } = this
    for (;;) {
      this.skipToMember()
      if (cursor.kind === '}') {
        const { range } = cursor
        cursor.advance()
        return range
      }
      if (cursor.kind === 'end') return this.missingBrace()
      if (cursor.kind === '@@') attributes.push(parseAttribute(cursor))
      else if (cursor.kind === 'word' || cursor.kind === 'number') {
        const documentation = this.takeDocumentation()
        const { start } = cursor
        const addMember = readMember({ name: parseName(cursor), start })
        this.finishMember(documentation)
        addMember(trimmed(documentation))
        continue
      }
      this.finishMember([])
    }
  }

  private missingBrace(): Range {
    const { cursor } = this
    const range = cursor.lastContentEnd
    cursor.report(phrase`The closing } of this block is missing.`, range)
    return range
  }

  /** After a member: a comment that documents it, and any unexpected text. */
  private finishMember(documentation: string[]): void {
    const { cursor } = this
    for (;;) {
      if (!cursor.isAtLineEnd) {
        const { start } = cursor
        cursor.skipToLineEnd()
        cursor.report(phrase`Unexpected text.`, cursor.rangeFrom(start))
      }
      if (!cursor.at('}') || cursor.isLastBrace) break
      cursor.report(phrase`The closing } must be on its own line.`, cursor.range)
      cursor.advance()
    }
    while (isComment(cursor.kind)) {
      if (!cursor.at('comment')) addDocumentation(documentation, cursor.text)
      cursor.advance()
    }
  }

  /** Skips blank lines and comments; the last run of comments belongs to the next member. */
  private skipToMember(): void {
    const { cursor } = this
    let atLineStart = true
    for (;;) {
      if (cursor.kind === 'newline') {
        // The comment's own line break does not end the run of comments; a blank line does.
        if (atLineStart) this.documentation = null
        atLineStart = true
      } else if (isComment(cursor.kind)) {
        this.documentation ??= this.pending = []
        if (cursor.kind !== 'comment') addDocumentation(this.documentation, cursor.text)
        atLineStart = false
      } else {
        this.documentation = null
        return
      }
      cursor.advance()
    }
  }

  private takeDocumentation(): string[] {
    const { pending } = this
    this.pending = []
    return pending
  }

  /** Prisma ignores text after the brace on its line; a block that ends on that line is parsed anyway. */
  private skipRestOfHeader(): void {
    const { cursor } = this
    if (cursor.isOnLastLine) {
      if (cursor.kind !== 'end')
        cursor.report(phrase`The fields and the closing } must be on their own lines.`, cursor.range)
      return
    }
    cursor.skipLine()
  }
}

/**
 * Adds the lines of one `///` or block comment, without its markers, one leading space, and the stars of a framed one.
 */
function addDocumentation(lines: string[], comment: string): void {
  if (comment.startsWith('///')) {
    lines.push(comment.slice(comment.startsWith('/// ') ? 4 : 3))
    return
  }
  const content = comment
    .slice(2, -2)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/^\s*\*+[ \t]?/, '').trim())
  const first = content.findIndex((line) => line !== '')
  const last = content.findLastIndex((line) => line !== '')
  if (first >= 0) for (const line of content.slice(first, last + 1)) lines.push(line)
}
