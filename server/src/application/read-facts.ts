import { moduleFacts } from './module-facts'
import type { FileContext, FileFacts } from './facts'
import type { CodeModels, SourceText } from './model'
import { parseSource } from './parse-source'
import { isTestPath } from './place-evidence'
import { silencedLines } from './silenced-lines'
import { isGraphQL } from './source-names'
import { findBrokenLiterals } from './sites/broken-literals'
import { findClassSites } from './sites/class-sites'
import { findGraphQLSites } from './sites/graphql-sites'
import { typesOfConvertedDates } from './sites/made-by-hand'
import { findInputNotes } from './sites/input-notes'
import { findPothosSites } from './sites/pothos-sites'
import { findTypeSites } from './sites/type-sites'
import { findValidationSites } from './sites/validation-sites'
import { findSelectUses } from './selects/select-uses'
import { sourceTree, type SourceTree } from './syntax'

/**
 * Reads the facts of a file. Total: a file that does not parse has only a note. `onTree` gets what else may be asked
 * about it, so that it is not parsed again.
 */
export function readFacts(
  file: SourceText,
  models: CodeModels,
  onTree: (tree: SourceTree) => void = () => undefined,
): FileFacts {
  const common = { models, path: file.path, isGenerated: isGenerated(file.text), silenced: silencedLines(file.text) }
  if (isGraphQL(file.path)) {
    const { path, text } = file
    return { ...EMPTY, path, text, sites: findGraphQLSites(text, null, { ...EMPTY, ...common }) }
  }
  const parsed = parseSource(file)
  if (parsed.program === null) {
    const note = { line: parsed.line, text: `not read, because ${parsed.reason}` }
    return { ...EMPTY, path: file.path, text: file.text, notes: [note] }
  }
  try {
    const tree = sourceTree(file.text, parsed.program)
    onTree(tree)
    return factsOf(file, tree, common)
  } catch (error) {
    // The parser reads `a.b.b.b…` and `a!!!…` in a loop, however long they are; what looks at them recurses.
    if (!(error instanceof RangeError)) throw error
    const note = { line: 1, text: 'not read, because its expressions nest too deep' }
    return { ...EMPTY, path: file.path, text: file.text, notes: [note] }
  }
}

function factsOf(file: SourceText, tree: SourceTree, common: Omit<FileContext, 'imports' | 'exports'>): FileFacts {
  const facts = moduleFacts(tree)
  const context: FileContext = { ...common, imports: facts.imports, exports: facts.exports }
  // Tests show nothing to anyone: only code that no longer compiles is searched for in them.
  const isTest = isTestPath(file.path)
  const finders = isTest ? BREAKING : [findTypeSites, findValidationSites, findPothosSites, ...BREAKING]
  const found = finders.map((find) => find(tree, context))
  return {
    ...facts,
    path: file.path,
    text: file.text,
    selects: context.isGenerated || isTest ? [] : findSelectUses(tree, context),
    sites: [...found.flatMap(({ sites }) => sites), ...(isTest ? [] : findGraphQLSites(file.text, tree, context))],
    notes: found.flatMap(({ notes }) => notes),
    silenced: context.silenced,
    convertedTypes: isTest ? [] : [...typesOfConvertedDates(tree)],
  }
}

const BREAKING = [findClassSites, findBrokenLiterals, findInputNotes]

const EMPTY = {
  constants: new Map(),
  functions: new Map(),
  exports: new Map(),
  imports: new Map(),
  starExports: [],
  selects: [],
  sites: [],
  notes: [],
  silenced: new Map(),
  convertedTypes: [],
} as const satisfies Omit<FileFacts, 'path' | 'text'>

/** Code generators say so on their first lines; those of GraphQL are recognized by what they declare. */
function isGenerated(text: string): boolean {
  return (
    /(?:code|file was) generated|auto-?generated|automatically generated|do not (?:edit|modify|make changes)|@generated\b/i.test(
      text.slice(0, 400),
    ) || /export type (?:Maybe|Scalars|Exact)\b/.test(text.slice(0, 3000))
  )
}
