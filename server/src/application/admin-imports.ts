import { isTestPath, placeEvidence } from './place-evidence'

/**
 * What code for administrators imports from other files of the workspace: types that its pages show, and what it asks
 * of `/admin/users`. Judged by paths and text alone.
 */
export class AdminImports {
  /** Each as `User models`: the name, and the last part of where it comes from. */
  private readonly byFile = new Map<string, readonly string[]>()
  private readonly counts = new Map<string, number>()

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (isTestPath(shown)) return
    if (!placeEvidence(shown, null, '').includes('admin-path') && !ASKS_FOR_ADMINISTRATORS.test(text)) return
    const imports = importsOf(text)
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

  /** Whether such code imports one of the names from this file, or from a folder around it that exports it again. */
  includes(path: string, names: readonly string[]): boolean {
    const places = path.replace(EXTENSION, '').split(/[\\/]/)
    return names.some((name) => places.some((place) => this.counts.has(`${name} ${place}`)))
  }
}

/** A request for the backend's area for administrators: `${api}/admin/users`. */
const ASKS_FOR_ADMINISTRATORS = /['"`/}]admin\/\w/

/** Bounded, so that a file without any `from` is read once. */
const IMPORT = /\bimport\s([^'";]{1,1000}?)\sfrom\s{0,20}['"]([^'"\n]{1,300})['"]/g

function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, clause = '', from = '']) => {
    const place =
      from
        .replace(EXTENSION, '')
        .replace(/\/index$/, '')
        .split('/')
        .at(-1) ?? ''
    // `lucide-react` has an icon called `User`, and Prisma Client a type.
    if (!/^(?:[.~#$/]|@\/|@(?!prisma\/)[\w-]+\/[\w-]*$)/.test(from)) return []
    return [...clause.replace(/\bas\s+\w+/g, '').matchAll(/\w+/g)].map(([name]) => `${name} ${place}`)
  })
}

const EXTENSION = /\.(?:[cm]?[jt]sx?|vue|svelte)$/
