import { isTestPath } from '../place-evidence'
import { parseSource } from '../parse-source'
import { sourceTree, type SourceTree } from '../syntax'
import type { FindModule } from '../module-paths'
import type { ShownDates } from '../shown-dates'
import { addressOfFile } from './addresses'
import { FileQuestions } from './file-questions'
import { GuardCode, type Followed } from './guard-visits'
import { hasWord, numberOf, WordIndex } from './word-index'
import type { Sources } from './asked-workspace'
import { ReaderSearch, type Reading, type ReadCall } from './reader-search'

/**
 * Who reads what a call of Prisma Client returns: the address or the name under which it is asked for is followed to
 * the pages of the workspace. Files are parsed when a call is asked about; an answer is kept until one of them, or one
 * that has a word it looked for, changes.
 */
export class AnswerReaders {
  private readonly words = new WordIndex()
  private readonly known = new Map<string, KnownReading>()
  private readonly asked = new Map<string, FileQuestions>()
  private readonly texts = new Map<string, string | null>()
  private readonly trees = new Map<string, SourceTree | null>()
  private last: { readonly path: string; readonly tree: SourceTree } | null = null
  private find: FindModule | null = null
  private guards: GuardCode | null = null
  /** The addresses of the files that are routes by their place. */
  private served = new Set<string>()

  /** `read` returns null for a file that cannot be read. */
  constructor(
    private readonly read: (path: string) => string | null,
    private readonly shown: (path: string) => string,
    private readonly dates: ShownDates,
  ) {}

  update(path: string, text: string): void {
    this.forget(path)
    if (isTestPath(this.shown(path))) return
    const [before, now] = this.words.update(path, text)
    const isFound = (numbers: readonly number[]) =>
      numbers.some((number) => hasWord(before, number) !== hasWord(now, number))
    for (const [key, { reading, asked }] of this.known) {
      if (reading.files.has(path) || isFound(asked)) this.known.delete(key)
    }
    this.forgetGuards(({ files, words }) => files.has(path) || isFound([...words].map(numberOf)))
  }

  remove(path: string): void {
    this.forget(path)
    this.words.remove(path)
    this.forgetGuards(({ files }) => files.has(path))
  }

  /** `find` is another one after files were added or removed: then anything may have another reader. */
  readingOf(call: ReadCall, find: FindModule): Reading {
    if (this.find !== find) {
      this.known.clear()
      this.forgetGuards(() => true)
      this.served = new Set(this.words.paths().flatMap((path) => addressOfFile(this.shown(path))?.join('/') ?? []))
      this.find = find
    }
    const key = `${String(call.start)} ${call.model.model} ${call.path}`
    const known = this.known.get(key)
    if (known !== undefined) return known.reading
    this.guards ??= new GuardCode(
      find,
      (path) => this.treeOf(path),
      (name) => this.words.filesWith(name).filter((path) => this.questionsOf(path).declares(name)),
    )
    const sources: Sources = {
      find,
      guards: this.guards,
      dates: this.dates,
      ask: (path) => this.questionsOf(path),
      shown: this.shown,
      serves: (address) => this.served.has(address.join('/')),
      filesWith: (word) => this.words.filesWith(word),
      has: (path, word) => this.words.has(path, word),
    }
    const reading = readingIn(sources, call)
    this.known.set(key, { reading, asked: [...reading.words].map(numberOf) })
    return reading
  }

  /** Of a file that was just parsed. Only the last one is kept: a change is of one file. */
  keep(path: string, tree: SourceTree): void {
    this.last = { path, tree }
  }

  /** Trees are large, and only needed while questions are asked. */
  release(): void {
    this.guards = null
    this.trees.clear()
    this.texts.clear()
    this.last = null
  }

  /** What the code of guards said, where it depends on a file that changed. */
  private forgetGuards(isChanged: (followed: Followed) => boolean): void {
    this.guards = null
    for (const questions of this.asked.values()) questions.forgetGuards(isChanged)
  }

  private forget(path: string): void {
    this.asked.delete(path)
    this.texts.delete(path)
    this.trees.delete(path)
    if (this.last?.path === path) this.last = null
  }

  private questionsOf(path: string): FileQuestions {
    let questions = this.asked.get(path)
    if (questions === undefined) {
      questions = new FileQuestions(
        path,
        () => this.textOf(path),
        () => this.treeOf(path),
      )
      this.asked.set(path, questions)
    }
    return questions
  }

  private textOf(path: string): string | null {
    const known = this.texts.get(path)
    if (known !== undefined) return known
    const text = this.read(path)
    this.texts.set(path, text)
    return text
  }

  private treeOf(path: string): SourceTree | null {
    const known = this.trees.get(path)
    if (known !== undefined) return known
    if (this.last?.path === path) return this.last.tree
    const text = this.textOf(path)
    const program = text === null ? null : parseSource({ path, text }).program
    const tree = text === null || program === null ? null : sourceTree(text, program)
    if (this.trees.size > MOST_TREES) this.release()
    this.trees.set(path, tree)
    return tree
  }
}

function readingIn(sources: Sources, call: ReadCall): Reading {
  const search = new ReaderSearch(sources, call.model)
  try {
    return search.of(call)
  } catch (error) {
    // Expressions that nest too deep are not looked through, so others may get there, too.
    if (!(error instanceof RangeError)) throw error
    return { ...search.reading, isOpen: true }
  }
}

interface KnownReading {
  readonly reading: Reading
  readonly asked: readonly number[]
}

const MOST_TREES = 200
