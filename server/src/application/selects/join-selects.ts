import type { CodeModels, Note, Site } from '../model'
import type { FileFacts } from '../facts'
import type { Resolve } from './module-lookup'
import { SelectSites } from './select-sites'
import { SelectWalk, type Selection } from './select-walk'

export interface JoinedSelects {
  /** By the path of their file. */
  readonly sites: ReadonlyMap<string, readonly Site[]>
  readonly notes: ReadonlyMap<string, readonly Note[]>
  /** The models for which a select already asks who changed or owns a record. */
  readonly withUsers: ReadonlySet<string>
}

/**
 * Joins the selects of all files: one edit per object, in its file, however many calls use it. A constant that is
 * spread into others gets the fields itself, unless selects of another model use it too. What the calls of a file
 * select is cached until that file, or one that its names lead to, changes.
 */
export class SelectJoin {
  private readonly walked = new Map<string, WalkedFile>()
  private readonly sites: SelectSites

  constructor(private readonly models: CodeModels) {
    this.sites = new SelectSites(models)
  }

  join(files: Iterable<FileFacts>, joining: Joining): JoinedSelects {
    const selections: Selection[] = []
    const notes = new Map<string, readonly Note[]>()
    const withUsers = new Set<string>()
    for (const file of files) {
      if (file.selects.length === 0) continue
      const { selections: found, notes: ofFile, withUsers: asked } = this.walkOf(file, joining)
      for (const selection of found) selections.push(selection)
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
      selections: walks.flatMap((walk) => walk.selections),
      notes: walks.flatMap((walk) => walk.notes),
      withUsers: walks.flatMap((walk) => [...walk.withUsers]),
    }
    this.walked.set(file.path, walked)
    return walked
  }
}

interface WalkedFile {
  readonly file: FileFacts
  readonly resolve: Resolve
  /** What the names of the file led to, at that time. */
  readonly visited: readonly (readonly [path: string, facts: FileFacts | null])[]
  readonly selections: readonly Selection[]
  readonly notes: readonly Note[]
  readonly withUsers: readonly string[]
}

interface Joining {
  /** Another function after files were added or removed. */
  readonly resolve: Resolve
  readonly known: (path: string) => FileFacts | null
  /** Called with each file that `resolve` reads, until the returned function is called. */
  readonly recordVisits: (visit: (path: string) => void) => () => void
}
