import * as z from 'zod'
import type { SourceFile } from '../parse-schema'

/** An error of Prisma's own parser. */
export interface SchemaError {
  readonly file: string
  /** Zero-based. */
  readonly line: number
  readonly message: string
}

export interface PrismaParser {
  errorsOf(files: readonly SourceFile[]): SchemaError[]
}

/** Prisma's parser in WebAssembly. Loading takes about 50 ms, so it is loaded on first use. */
export async function loadPrismaParser(): Promise<PrismaParser> {
  // A panic in it calls this before it throws.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => undefined } })
  const { lint } = await import('@prisma/prisma-schema-wasm')
  return { errorsOf: (files) => errorsOf(lint, files) }
}

function errorsOf(lint: (input: string) => string, files: readonly SourceFile[]): SchemaError[] {
  const texts = new Map(files.map(({ path, text }) => [path, text.toString()]))
  let answer: string
  try {
    answer = lint(JSON.stringify([...texts]))
  } catch {
    // A panic shows nothing about the schema.
    return []
  }
  return DIAGNOSTICS.parse(JSON.parse(answer))
    .filter((diagnostic) => !diagnostic.is_warning)
    .map(({ file_name: file, start, text: message }) => ({ file, line: lineAt(texts.get(file) ?? '', start), message }))
}

const DIAGNOSTICS = z.array(
  z.object({ file_name: z.string(), start: z.number(), text: z.string(), is_warning: z.boolean() }),
)

/** Offsets are in bytes of UTF-8. */
function lineAt(text: string, offset: number): number {
  return Buffer.from(text)
    .subarray(0, offset)
    .filter((byte) => byte === 10).length
}
