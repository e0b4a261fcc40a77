/** The functions whose answers other code makes types of: `Awaited<ReturnType<typeof listUsers>>`. Judged by text alone. */
export class TypedAnswers {
  private readonly byFile = new Map<string, readonly string[]>()
  private names: ReadonlySet<string> | null = null

  update(path: string, text: string): void {
    this.remove(path)
    if (!text.includes('ReturnType<')) return
    const names = [...text.matchAll(TYPE_OF_ANSWER)].flatMap(([, name]) => name ?? [])
    if (names.length > 0) this.byFile.set(path, names)
  }

  remove(path: string): void {
    this.byFile.delete(path)
    this.names = null
  }

  has(name: string): boolean {
    this.names ??= new Set([...this.byFile.values()].flat())
    return this.names.has(name)
  }
}

/** The last name of `ReturnType<typeof service.listUsers>`. */
const TYPE_OF_ANSWER = /\bReturnType<\s{0,20}typeof\s{1,20}(?:\w{1,60}\.){0,4}(\w{1,60})/g
