import { applyEdits } from '../edits/apply-edits'
import type { TextEdit } from '../edits/text-edit'
import type { SchemaModel } from '../model'
import { parseSchema } from '../parse-schema'
import type { PrismaParser, SchemaError } from './prisma-parser'
import { withoutRetired } from './without-retired'

export type { SchemaError } from './prisma-parser'

/**
 * The errors of Prisma's own parser that a schema would have after the edits and has not now. The parser is version 7's,
 * which is loaded when it is first asked; what it refuses of a schema of version 5 or 6 is taken out of the texts that it
 * gets, since it does not look at models behind such an error.
 */
export async function newSchemaErrors(schema: SchemaModel, edits: readonly TextEdit[]): Promise<SchemaError[]> {
  return edits.length === 0 ? [] : (await schemaErrorsFinder(schema))(edits)
}

/** As `newSchemaErrors`, for several edits of one schema, which is read once. */
export async function schemaErrorsFinder(schema: SchemaModel): Promise<(edits: readonly TextEdit[]) => SchemaError[]> {
  const parser = lookingBehindMarks(await loadParser())
  const before = errorsOf(parser, schema).map(keyOf)
  return (edits) => {
    const known = countsOf(before)
    return errorsOf(parser, edited(schema, edits)).filter((error) => {
      const count = known.get(keyOf(error)) ?? 0
      known.set(keyOf(error), count - 1)
      return count <= 0
    })
  }
}

/** Prisma does not know the model behind a byte order mark, and would call each line of it that an edit adds an error. */
function lookingBehindMarks(parser: PrismaParser): PrismaParser {
  return {
    errorsOf: (files) =>
      parser.errorsOf(files.map(({ path, text }) => ({ path, text: text.toString().replace(/^\uFEFF/, '') }))),
  }
}

/** All that Prisma's own parser says of a schema. */
export async function schemaErrors(schema: SchemaModel): Promise<readonly SchemaError[]> {
  return errorsOf(await loadParser(), schema)
}

/** Its answers are read by zod, which an editor that only shows findings never loads. */
async function loadParser(): Promise<PrismaParser> {
  return await (await import('./prisma-parser')).loadPrismaParser()
}

function errorsOf(parser: PrismaParser, schema: SchemaModel): readonly SchemaError[] {
  const first = parser.errorsOf(withoutRetired(schema, []))
  const unknownFeatures = first.flatMap(
    ({ message }) => /^The preview feature "(\w+)" is not known/.exec(message)?.[1] ?? [],
  )
  return unknownFeatures.length === 0 ? first : parser.errorsOf(withoutRetired(schema, unknownFeatures))
}

function edited(schema: SchemaModel, edits: readonly TextEdit[]): SchemaModel {
  const files = schema.files.map(({ path, text }) => ({
    path,
    text: applyEdits(
      text.toString(),
      edits.filter(({ file }) => file === path),
    ),
  }))
  return parseSchema(files, schema)
}

/** Not its place, which edits above it move. */
function keyOf({ file, message }: SchemaError): string {
  return `${file}\n${message}`
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
