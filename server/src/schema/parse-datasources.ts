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
  for (let at = text.indexOf(KEYWORD); at >= 0; at = text.indexOf(KEYWORD, at + KEYWORD.length)) {
    const lineStart = text.lastIndexOf('\n', at) + 1
    BLOCK.lastIndex = lineStart
    HEAD.lastIndex = at
    const block = BLOCK.exec(text)?.[0]
    if (block !== undefined) blocks.push(block)
    else if (HEAD.test(text)) return text
  }
  return blocks.join('\n')
}

const KEYWORD = 'datasource'
const HEAD = /datasource[ \t]+[^\s{]+[ \t]*\{/y
const BLOCK = /[ \t]*datasource[ \t]+[^\s{]+[ \t]*\{[^\r\n]*(?:\r?\n(?![ \t]*\}).*)*\r?\n[ \t]*\}/y
