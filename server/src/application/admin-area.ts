import { isTestPath, OF_LOGGED_IN, placeEvidence } from './place-evidence'

/**
 * The application's code for administrators: whether there is any, and which names it imports from other files. Judged
 * by paths and text alone. If there is such an area, code elsewhere is for people who do not ask who changed a record.
 */
export class AdminArea {
  /** The names that each file for administrators imports, by its path. */
  private readonly importsOf = new Map<string, readonly string[]>()
  private readonly imported = new Map<string, number>()
  private readonly programs = new Map<string, string>()

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (isTestPath(shown) || !placeEvidence(shown, null, '').includes('admin-path')) return
    // A store or a context knows the logged-in user, whoever that is.
    const names = OF_LOGGED_IN.test(shown) ? [] : importedNames(text)
    this.importsOf.set(path, names)
    this.programs.set(path, programOf(shown))
    for (const name of names) this.imported.set(name, (this.imported.get(name) ?? 0) + 1)
  }

  remove(path: string): void {
    for (const name of this.importsOf.get(path) ?? []) {
      const count = (this.imported.get(name) ?? 0) - 1
      if (count > 0) this.imported.set(name, count)
      else this.imported.delete(name)
    }
    this.importsOf.delete(path)
    this.programs.delete(path)
  }

  get exists(): boolean {
    return this.importsOf.size > 0
  }

  /** Whether the program of this file, `apps/api`, has an area for administrators, too. */
  isBeside(shown: string): boolean {
    const program = programOf(shown)
    return program !== '' && [...this.programs.values()].includes(program)
  }

  imports(name: string): boolean {
    return this.imported.has(name)
  }
}

function programOf(shown: string): string {
  return /^[\\/]?(?:apps[\\/])?(?!packages|libs?|shared)([^\\/]+)[\\/]/.exec(shown)?.[1] ?? ''
}

function importedNames(text: string): string[] {
  // Bounded, so that a file without any `from` is not read again from each `import`.
  return [...text.matchAll(/\bimport\s([^'";]{1,1000}?)\sfrom\b/g)]
    .map(([, clause = '']) => clause.replace(/^\s*type\s+(?!$)/, ''))
    .flatMap((clause) => [...clause.replace(/\bas\s+\w+/g, '').matchAll(/\w+/g)])
    .map(([name]) => name)
}
