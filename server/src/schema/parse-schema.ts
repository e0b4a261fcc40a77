import type { SchemaFile, SchemaModel } from './model'
import type { SourceText } from './source-text'
import { parseSchemaFile } from './parser/parse-schema-file'

/**
 * Parses the files of one schema. Files and, inside changed files, blocks that did not change are the very objects of
 * `previous`; if nothing changed at all, so is the model. Files come out in Prisma's order, sorted by path.
 */
export function parseSchema(files: readonly SourceFile[], previous?: SchemaModel): SchemaModel {
  const known = new Map<string, SchemaFile>(previous?.files.map((file) => [file.path, file]))
  const parsed = files
    .map(({ path, text }) => parseSchemaFile(path, text, known.get(path)))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const isUnchanged =
    previous?.files.length === parsed.length && parsed.every((file, index) => previous.files[index] === file)
  return isUnchanged ? previous : { files: parsed }
}

export interface SourceFile {
  readonly path: string
  readonly text: string | SourceText
}
