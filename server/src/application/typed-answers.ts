/** The functions whose answers other code makes types of: `Awaited<ReturnType<typeof listUsers>>`. Judged by text alone. */
export class TypedAnswers {
  private readonly byFile = new Map<string, readonly string[]>()
  private names: ReadonlySet<string> | null = null

  update(path: string, text: string): void {
    this.remove(path)
    if (!text.includes('ReturnType<')) return
    const names = [...text.matchAll(TYPE_OF_ANSWER)].map(([, holder = '', name = '']) => answerName(name, holder))
    if (names.length > 0) this.byFile.set(path, names)
  }

  remove(path: string): void {
    this.byFile.delete(path)
    this.names = null
  }

  /** `name` is as `answerName` spells it. */
  has(name: string): boolean {
    this.names ??= new Set([...this.byFile.values()].flat())
    return this.names.has(name)
  }
}

/** A function, and what it belongs to, if anything: `usersService.list` is a method of the class UsersService. */
export function answerName(name: string, holder: string | null): string {
  return `${holder ?? ''}.${name}`.toLowerCase()
}

/** The last two names of `ReturnType<typeof api.service.listUsers>`. */
const TYPE_OF_ANSWER = /\bReturnType<\s{0,20}typeof\s{1,20}(?:\w{1,60}\.){0,3}?(?:(\w{1,60})\.)?(\w{1,60})(?![\w.])/g
