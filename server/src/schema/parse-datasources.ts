import type { SchemaModel } from './model'
import { parseSchema, type SourceFile } from './parse-schema'
import { isOfPrismaNext } from './parser/parse-schema-file'

/**
 * Parses the `datasource` blocks and nothing else: what says where the database is. A large schema then need not be
 * parsed before the connection is begun. Ranges are of no use here.
 */
export function parseDatasources(files: readonly SourceFile[]): SchemaModel {
  return parseSchema(files.map(({ path, text }) => ({ path, text: datasourcesIn(text.toString()) })))
}

/**
 * From the keyword to the next line that begins with a brace, as blocks end. Where there is more to it than that, the
 * whole text.
 */
function datasourcesIn(text: string): string {
  const heads = text.match(/\bdatasource[ \t]+[^\s{]+[ \t]*\{/g) ?? []
  const blocks =
    text.match(/^[ \t]*datasource[ \t]+[^\s{]+[ \t]*\{[^\r\n]*(?:\r?\n(?![ \t]*\}).*)*\r?\n[ \t]*\}/gm) ?? []
  if (isOfPrismaNext(text)) return text
  return text.includes('/*') || heads.length !== blocks.length ? text : blocks.join('\n')
}
