import type { CodeModels, Note, Site } from '../model'
import type { FileFacts } from '../facts'
import type { Resolve } from './module-lookup'
import { SelectSites } from './select-sites'
import { SelectWalk, type Selection } from './select-walk'

export interface JoinedSelects {
  /** By the path of the file that they are made in. */
  readonly sites: ReadonlyMap<string, readonly Site[]>
  readonly notes: ReadonlyMap<string, readonly Note[]>
  /** The models of which a select asks for who changed or owns a record already. */
  readonly withUsers: ReadonlySet<string>
}

/**
 * Brings the selects of all files together: one edit for each object, in the file where it stands, however many calls use
 * it. A constant that is spread into others gets the fields itself, unless another model's selects use it, too. What a file's
 * calls select is kept until that file or one that its names lead to has changed.
 */
export class SelectJoin {
  private readonly walked = new Map<string, WalkedFile>()
  private readonly sites: SelectSites
  private readonly ofOneself = new WeakMap<Selection, Selection>()

  constructor(private readonly models: CodeModels) {
    this.sites = new SelectSites(models)
  }

  join(files: Iterable<FileFacts>, joining: Joining): JoinedSelects {
    const selections: Selection[] = []
    const notes = new Map<string, readonly Note[]>()
    const withUsers = new Set<string>()
    for (const file of files) {
      if (file.selects.length === 0) continue
      const { uses, notes: ofFile, withUsers: asked } = this.walkOf(file, joining)
      for (const { method, selections: found } of uses) {
        const isForOneself = method !== null && joining.forOneself.has(method)
        selections.push(...(isForOneself ? found.map((each) => this.readForOneself(each)) : found))
      }
      for (const model of asked) withUsers.add(model)
      if (ofFile.length > 0) notes.set(file.path, ofFile)
    }
    return { sites: this.sites.of(selections), notes, withUsers }
  }

  private walkOf(file: FileFacts, { resolve, known, recordVisits }: Joining): WalkedFile {
    const before = this.walked.get(file.path)
    const isCurrent =
      before?.file === file &&
      before.resolve === resolve &&
      before.visited.every(([path, facts]) => known(path) === facts)
    if (isCurrent) return before
    const visited = new Set<string>()
    const stop = recordVisits((path) => visited.add(path))
    const walks = file.selects.map((use) => new SelectWalk(this.models, resolve, use, file))
    for (const walk of walks) walk.start()
    stop()
    const walked: WalkedFile = {
      file,
      resolve,
      visited: [...visited].map((path) => [path, known(path)] as const),
      uses: walks.map(({ selections }, index) => ({
        method: file.selects[index]?.method?.toLowerCase() ?? null,
        selections,
      })),
      notes: walks.flatMap((walk) => walk.notes),
      withUsers: walks.flatMap((walk) => [...walk.withUsers]),
    }
    this.walked.set(file.path, walked)
    return walked
  }

  /** Always the same for the same selection, by which what is made of it is known again. */
  private readForOneself(selection: Selection): Selection {
    const known = this.ofOneself.get(selection)
    if (known !== undefined) return known
    const marked: Selection = { ...selection, evidence: [...selection.evidence, 'own-record'] }
    this.ofOneself.set(selection, marked)
    return marked
  }
}

interface WalkedFile {
  readonly file: FileFacts
  readonly resolve: Resolve
  /** What the names of the file led to, as it was then. */
  readonly visited: readonly (readonly [path: string, facts: FileFacts | null])[]
  readonly uses: readonly { readonly method: string | null; readonly selections: readonly Selection[] }[]
  readonly notes: readonly Note[]
  readonly withUsers: readonly string[]
}

interface Joining {
  /** Another function once other files are there. */
  readonly resolve: Resolve
  readonly known: (path: string) => FileFacts | null
  /** Calls with each file that `resolve` reads, until what it answers is called. */
  readonly recordVisits: (visit: (path: string) => void) => () => void
  /** The methods, as `Callers` has them, that read the record of the user who is logged in. */
  readonly forOneself: ReadonlySet<string>
}
