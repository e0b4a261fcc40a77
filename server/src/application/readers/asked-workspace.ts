import type { FindModule } from '../module-paths'
import type { ShownDates } from '../shown-dates'
import type { Address } from './addresses'
import type { FileQuestions, Place } from './file-questions'
import type { GuardCode } from './guard-visits'
import { headOf } from './mounts'

/** What is known of the workspace's files. */
export interface Sources {
  readonly find: FindModule
  readonly dates: ShownDates
  readonly ask: (path: string) => FileQuestions
  /** The path below the application's folder. */
  readonly shown: (path: string) => string
  /** Whether a file is the route of this address, by its place. */
  readonly serves: (address: Address) => boolean
  readonly filesWith: (word: string) => readonly string[]
  readonly has: (path: string, word: string) => boolean
  readonly guards: GuardCode
}

/** The same, with a record of what was asked for. */
export class AskedWorkspace implements Sources {
  readonly files = new Set<string>()
  readonly words = new Set<string>()
  readonly find: FindModule
  readonly dates: ShownDates
  readonly shown: (path: string) => string
  readonly serves: (address: Address) => boolean
  readonly guards: GuardCode

  constructor(private readonly sources: Sources) {
    const { find, dates, shown, serves, guards } = sources
    this.find = find
    this.dates = dates
    this.shown = shown
    this.serves = serves
    this.guards = guards
  }

  readonly ask = (path: string): FileQuestions => {
    this.files.add(path)
    return this.sources.ask(path)
  }

  readonly filesWith = (word: string): readonly string[] => {
    this.words.add(word)
    return this.sources.filesWith(word)
  }

  readonly has = (path: string, word: string): boolean => {
    this.words.add(word)
    return this.sources.has(path, word)
  }

  /** Whether code before or around a place turns away who lacks a role. */
  asksForRole(path: string, place: Place, doubted: ReadonlySet<string>): boolean {
    return this.followingGuards(path, (questions) => questions.asksForRole(place, doubted, this.guards))
  }

  /** Whether a component of a file does, for what is inside it. */
  turnsAwayByRole(path: string, doubted: ReadonlySet<string>): boolean {
    return this.followingGuards(path, (questions) => questions.turnsAwayByRole(doubted, this.guards))
  }

  private followingGuards(path: string, ask: (questions: FileQuestions) => boolean): boolean {
    const questions = this.ask(path)
    const answer = ask(questions)
    for (const each of questions.followed.files) this.files.add(each)
    for (const each of questions.followed.words) this.words.add(each)
    return answer
  }

  /** `import { columns } from './columns'`: the files that a file imports by such a name, or from such a place. */
  importedBy(path: string, isWanted: (local: string, from: string) => boolean): string[] {
    return this.ask(path)
      .importsOf()
      .flatMap(({ from, local }) => {
        const found = isWanted(local, from) ? this.find(from, path) : null
        if (found !== null) this.files.add(found)
        return found ?? []
      })
  }

  /** The files that import a file by its own name or its folder's, each with the name that it has there. */
  importersOf(path: string): { readonly importer: string; readonly local: string }[] {
    return this.filesWith(`/${headOf(path)}`).flatMap((importer) => {
      const local = importer === path ? null : this.localNameOf(importer, path)
      return local === null ? [] : [{ importer, local }]
    })
  }

  localNameOf(importer: string, path: string): string | null {
    const names = this.ask(importer).namedBy(IMPORTED)
    return names.find(([, from]) => this.find(from, importer) === path)?.[0] ?? null
  }
}

const IMPORTED =
  /\b(?:import\s{1,20}(?:\*\s{1,20}as\s{1,20}|\{[^}]{0,300}?\bas\s{1,20}|\{\s{0,20})?|(?:const|let|var)\s{1,20}(?:\{\s{0,20})?)(\w{1,60})[^'"\n;]{0,100}['"]([^'"\n]{1,200})['"]/g
