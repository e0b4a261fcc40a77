/** The workspace file that an import leads to; null for a package. */
export type FindModule = (from: string, importer: string) => string | null

/** Packages of a monorepo and path aliases are found by the end of their path. */
export function modulePaths(paths: readonly string[]): FindModule {
  const known = new Set(paths)
  const byStem = new Map<string, string[]>()
  for (const path of paths) {
    const stem = stemOf(path)
    const name = stem.slice(stem.lastIndexOf('/') + 1)
    const same = byStem.get(name)
    if (same === undefined) byStem.set(name, [path])
    else same.push(path)
  }
  return (from, importer) => {
    if (from.startsWith('.')) {
      const base = normalize(`${importer.slice(0, importer.lastIndexOf('/') + 1)}${from}`)
      const candidates = [base, stemOf(base)].flatMap((stem) =>
        EXTENSIONS.flatMap((extension) => [`${stem}${extension}`, `${stem}/index${extension}`]),
      )
      return [base, ...candidates].find((candidate) => known.has(candidate)) ?? null
    }
    const tail = stemOf(from.replace(/^(?:@\/|~\/?|#\/?|@[\w-]+\/)/, ''))
    const name = tail.slice(tail.lastIndexOf('/') + 1)
    const candidates = (byStem.get(name) ?? []).filter((path) => `/${stemOf(path)}`.endsWith(`/${tail}`))
    return candidates.sort((a, b) => sharedStart(b, importer) - sharedStart(a, importer))[0] ?? null
  }
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']

/** Without its extension; a folder for its index. */
export function stemOf(path: string): string {
  return path.replace(/\.(?:[cm]?[jt]sx?)$/, '').replace(/\/index$/, '')
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/** Without `.` and `..`. */
function normalize(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
