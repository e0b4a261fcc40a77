import type { CodeModels } from './model'
import { isTestPath } from './place-evidence'
import { recordNames } from './model-names'

/**
 * Which types of records the application's files import from each other, by text alone. What no file imports shows
 * nothing to anyone: it is left over, or another program's.
 */
export class ImportedTypes {
  private readonly byFile = new Map<string, readonly string[]>()
  private readonly counts = new Map<string, number>()

  private readonly names: RegExp | null

  constructor(models: CodeModels) {
    const names = [...models.values()].flatMap(({ model, members }) => (members.length > 0 ? recordNames(model) : []))
    this.names = names.length === 0 ? null : new RegExp(names.join('|'))
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    const imports = isTestPath(shown) ? [] : this.importsIn(path, text)
    if (imports.length === 0) return
    this.byFile.set(path, imports)
    for (const each of imports) this.counts.set(each, (this.counts.get(each) ?? 0) + 1)
  }

  remove(path: string): void {
    for (const each of this.byFile.get(path) ?? []) {
      const count = (this.counts.get(each) ?? 0) - 1
      if (count > 0) this.counts.set(each, count)
      else this.counts.delete(each)
    }
    this.byFile.delete(path)
  }

  /**
   * Whether a file may import one of the names from this file. Null if no file imports any type of a record: then
   * nothing is known.
   */
  isImported(path: string, names: readonly string[]): boolean | null {
    if (this.counts.size === 0) return null
    const places = placesOf(path)
    const has = (name: string) => places.some((place) => this.counts.has(`${name} ${place}`))
    const isReExported = has('export') && names.some((name) => this.counts.has(`${name} anywhere`))
    return isReExported || [...names, '*'].some(has)
  }

  private importsIn(path: string, text: string): string[] {
    const found: string[] = []
    for (const [whole, clause, from, called] of text.matchAll(IMPORT)) {
      const place = sourceOf(from ?? called ?? '', path)
      if (clause === undefined || clause.includes('*')) {
        // What is imported as a whole can be anything of it; what is re-exported as a whole is imported elsewhere by
        // its name.
        found.push(`${whole.startsWith('export') ? 'export' : '*'} ${place}`)
        continue
      }
      const names = namesIn(clause).filter((name) => this.isOfRecord(name))
      for (const name of names)
        found.push(`${name} ${place}`, ...(isOfWorkspace(from ?? '') ? [`${name} anywhere`] : []))
    }
    return found
  }

  /** `Lead`, `LeadWithDetailsDto` or `PaginatedLeads`, which may be made of the type of a record. */
  private isOfRecord(name: string): boolean {
    return this.names?.test(name) === true
  }
}

/**
 * `import … from`, `export … from`, `import('…')` and `require('…')`. Bounded, so that a file without any `from` is
 * read once.
 */
const IMPORT =
  /\b(?:import|export)\s+([^'"`;=()]{1,1000}?)\s*\bfrom\s*['"]([^'"\n]{1,300})['"]|\b(?:import|require)\s*\(\s*['"]([^'"\n]{1,300})['"]\s*\)/g

/** `lucide-react` has an icon called `User`; a package with a scope may be one of the workspace. */
function isOfWorkspace(from: string): boolean {
  return /^[.~#$/@]/.test(from)
}

/** `User` of `{ User as Person }`: the name in the other module. */
function namesIn(clause: string): string[] {
  return [...clause.replace(/\bas\s+\w+/g, '').matchAll(/\w+/g)].map(([name]) => name)
}

/**
 * How an import names a file: by its last part, or by a package (`@scope/types`), which is a folder of the workspace.
 */
function sourceOf(from: string, importer: string): string {
  const stem = from.replace(EXTENSION, '').replace(/\/index$/, '')
  const last = stem.slice(stem.lastIndexOf('/') + 1)
  if (/^\.{0,2}$/.test(last)) return foldersOf(importer).at(last === '..' ? -2 : -1) ?? ''
  return /^(?:[.~#$/]|@\/)/.test(from) ? last : `package ${last}`
}

function placesOf(path: string): string[] {
  const stem = path.replace(EXTENSION, '').replace(/[\\/]index$/, '')
  const folders = foldersOf(`${stem}/`)
  return [folders.at(-1) ?? '', ...folders.map((folder) => `package ${folder}`)]
}

function foldersOf(path: string): string[] {
  return path.split(/[\\/]/).slice(0, -1)
}

const EXTENSION = /\.(?:[cm]?[jt]sx?|vue|svelte)$/
