import type { SchemaModel } from './model'
import { parseSchema, type SourceFile } from './parse-schema'
import { isOfPrismaNext } from './parser/parse-schema-file'

/**
 * Parses only the `datasource` blocks, which say where the database is, so that a large schema need not be parsed
 * before connecting. Ranges are not used.
 */
export function parseDatasources(files: readonly SourceFile[]): SchemaModel {
  return parseSchema(files.map(({ path, text }) => ({ path, text: datasourcesIn(text.toString()) })))
}

/**
 * From the keyword to the next line that starts with a brace, where blocks end. In more complicated cases, the full
 * text.
 */
function datasourcesIn(text: string): string {
  if (isOfPrismaNext(text) || text.includes('/*')) return text
  const blocks: string[] = []
  // Searching for the word is many times faster than for the pattern that starts with it.
  let read = 0
  for (let at = text.indexOf(KEYWORD); at >= 0; at = text.indexOf(KEYWORD, read)) {
    // Looks back only as far as the word before, or a line of such words would be read again for each of them.
    const between = text.slice(read, at)
    const lineStart = read + between.lastIndexOf('\n') + 1
    BLOCK.lastIndex = lineStart
    HEAD.lastIndex = at
    const isFirst = read === 0 || lineStart > read || text[read - 1] === '\n'
    const block = isFirst && text.slice(lineStart, at).trim() === '' ? BLOCK.exec(text)?.[0] : undefined
    if (block === undefined && HEAD.test(text)) return text
    if (block !== undefined) blocks.push(block)
    read = block === undefined ? at + KEYWORD.length : lineStart + block.length
  }
  return blocks.join('\n')
}

const KEYWORD = 'datasource'
const HEAD = /datasource[ \t]+[^\s{]+[ \t]*\{/y
const BLOCK = /[ \t]*datasource[ \t]+[^\s{]+[ \t]*\{[^\r\n]*(?:\r?\n(?![ \t]*\}).*)*\r?\n[ \t]*\}/y
