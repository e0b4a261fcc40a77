import { parse, type ParserPlugin } from '@babel/parser'
import type { Program } from '@babel/types'
import { TookTooLong, withinTime } from '../text/within-time'
import { componentScripts } from './component-scripts'
import type { SourceText } from './model'
import { isComponent, isJavaScript } from './source-names'

type ParsedSource =
  | { readonly program: Program }
  /** `line` is one-based; `reason` completes a sentence that begins "not read, since". */
  | { readonly program: null; readonly line: number; readonly reason: string }

/**
 * Parses TypeScript and JavaScript, with JSX if the file's name says so, and the scripts of components. Never throws.
 */
export function parseSource(source: SourceText): ParsedSource {
  try {
    const { text, plugins } = scriptOf(source)
    if (NESTED_LABELS.test(text)) return { program: null, line: 1, reason: 'its labels are nested too deep' }
    return { program: parseWithin(text, plugins) }
  } catch (error) {
    if (error instanceof TookTooLong) return { program: null, line: 1, reason: 'it takes too long to parse' }
    const message = error instanceof Error ? error.message : String(error)
    return { program: null, line: lineOf(error), reason: `it does not parse: ${message}` }
  }
}

function parseWithin(text: string, plugins: ParserPlugin[]): Program {
  const work = () =>
    parse(text, {
      sourceType: 'module',
      // A name declared twice is an error for the compiler; here, only text that cannot be parsed matters.
      errorRecovery: true,
      attachComment: false,
      plugins,
    }).program
  const mayDouble = plugins.includes('typescript') && text.split('<', FEW_TYPES + 2).length > FEW_TYPES + 1
  return mayDouble ? withinTime(SHORTEST_TIMEOUT + text.length / CHARACTERS_IN_A_MILLISECOND, work) : work()
}

/**
 * The parser of TypeScript takes twice the time for each type in `<T>(<T>(…`. The time that it may take costs a thread,
 * so it is limited only where there are more than these.
 */
const FEW_TYPES = 8
/** Milliseconds. The parser needs a hundredth. */
const SHORTEST_TIMEOUT = 1000
const CHARACTERS_IN_A_MILLISECOND = 100

/** `a: a: a: …`, `a: { a: { …`: the parser compares each label with all around it, and makes an error for each pair. */
const NESTED_LABELS = /(?:\b\w{1,60}\s{0,20}:[\s{]{0,20}){100}/

function scriptOf({ path, text }: SourceText): { readonly text: string; readonly plugins: ParserPlugin[] } {
  if (isComponent(path)) {
    const scripts = componentScripts(text)
    return { text: scripts.text, plugins: pluginsOf(scripts.language) }
  }
  return { text, plugins: pluginsOf(isJavaScript(path) ? null : path.endsWith('.tsx') ? 'tsx' : 'ts') }
}

function pluginsOf(language: string | null): ParserPlugin[] {
  if (language === null) return [...PLUGINS, 'jsx']
  return language === 'tsx' ? [...TYPESCRIPT, 'jsx'] : TYPESCRIPT
}

/** Only legacy decorators can be on parameters, as NestJS needs. */
const PLUGINS: ParserPlugin[] = ['decorators-legacy', 'explicitResourceManagement']
const TYPESCRIPT: ParserPlugin[] = ['typescript', ...PLUGINS]

function lineOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('loc' in error)) return 1
  const { loc } = error
  return typeof loc === 'object' && loc !== null && 'line' in loc && typeof loc.line === 'number' ? loc.line : 1
}
