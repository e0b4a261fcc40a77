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
  const errors = DIAGNOSTICS.parse(JSON.parse(answer)).filter((diagnostic) => !diagnostic.is_warning)
  const lineFinders = new Map([...texts].map(([file, text]) => [file, lineFinder(text)]))
  return errors.map(({ file_name: file, start, text: message }) => ({
    ...{ file, line: lineFinders.get(file)?.(start) ?? 0, message },
  }))
}

const DIAGNOSTICS = z.array(
  z.object({ file_name: z.string(), start: z.number(), text: z.string(), is_warning: z.boolean() }),
)

type LineFinder = (offset: number) => number

/** The line of an offset, in bytes of UTF-8. A schema may have thousands of errors, so the text is read once. */
function lineFinder(text: string): LineFinder {
  const bytes = Buffer.from(text)
  const ends: number[] = []
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) ends.push(at)
  return (offset) => {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((ends[middle] ?? Infinity) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

const LINE_FEED = 10
