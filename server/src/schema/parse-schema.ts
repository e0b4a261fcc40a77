import type { SchemaFile, SchemaModel } from './model'
import type { SourceText } from './source-text'
import { parseSchemaFile } from './parser/parse-schema-file'

/**
 * Parses the files of one schema. Unchanged files and, in changed files, unchanged blocks are the same objects as in
 * `previous`; if nothing changed, so is the model. Files are sorted by path, as in Prisma.
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
