import { parse, type ParserPlugin } from '@babel/parser'
import type { Program } from '@babel/types'
import type { SourceText } from './model'
import { isJavaScript } from './source-names'

type ParsedSource =
  | { readonly program: Program }
  /** `line` is one-based; `reason` ends a sentence that begins "not read, since". */
  | { readonly program: null; readonly line: number; readonly reason: string }

/** Parses TypeScript and JavaScript, with JSX where the file's name says so. Never throws. */
export function parseSource({ path, text }: SourceText): ParsedSource {
  try {
    const file = parse(text, {
      sourceType: 'module',
      // A name declared twice is the compiler's business; only what cannot be read at all is ours.
      errorRecovery: true,
      attachComment: false,
      plugins: isJavaScript(path) ? [...PLUGINS, 'jsx'] : path.endsWith('.tsx') ? [...TYPESCRIPT, 'jsx'] : TYPESCRIPT,
    })
    return { program: file.program }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { program: null, line: lineOf(error), reason: `it does not parse: ${message}` }
  }
}

/** The legacy decorators are the ones that may stand before parameters, as NestJS writes them. */
const PLUGINS: ParserPlugin[] = ['decorators-legacy', 'explicitResourceManagement']
const TYPESCRIPT: ParserPlugin[] = ['typescript', ...PLUGINS]

function lineOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('loc' in error)) return 1
  const { loc } = error
  return typeof loc === 'object' && loc !== null && 'line' in loc && typeof loc.line === 'number' ? loc.line : 1
}
