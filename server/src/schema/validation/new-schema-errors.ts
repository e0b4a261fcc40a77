import { applyEdits } from '../edits/apply-edits'
import type { TextEdit } from '../edits/text-edit'
import type { SchemaModel } from '../model'
import { parseSchema } from '../parse-schema'
import type { PrismaParser, SchemaError } from './prisma-parser'
import { withoutRetired } from './without-retired'

export type { SchemaError } from './prisma-parser'

/**
 * The errors of Prisma's own parser that the edits would add to a schema. The parser is that of version 7, loaded on
 * first use; syntax that it rejects but version 5 or 6 accepts is removed from its input, because it does not check
 * models after such an error.
 */
export async function newSchemaErrors(schema: SchemaModel, edits: readonly TextEdit[]): Promise<SchemaError[]> {
  return edits.length === 0 ? [] : (await schemaErrorsFinder(schema))(edits)
}

/** As `newSchemaErrors`, for several edits of one schema, which is parsed once. */
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

/** Prisma does not recognize the model after a byte order mark, and would report each line that an edit adds to it. */
function lookingBehindMarks(parser: PrismaParser): PrismaParser {
  return {
    errorsOf: (files) =>
      parser.errorsOf(files.map(({ path, text }) => ({ path, text: text.toString().replace(/^\uFEFF/, '') }))),
  }
}

/** All errors of Prisma's own parser in a schema. */
export async function schemaErrors(schema: SchemaModel): Promise<readonly SchemaError[]> {
  return errorsOf(await loadParser(), schema)
}

/** zod parses its output; an editor that only shows findings never loads it. */
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

/** Not its position, which edits above it move. */
function keyOf({ file, message }: SchemaError): string {
  return `${file}\n${message}`
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}
