import { rank } from '../evidence'
import type { CodeModels, Note, Site } from '../model'
import type { FileFacts } from '../facts'
import type { Resolve } from './module-lookup'
import { sitesOf } from './select-sites'
import { SelectWalk, type Selection } from './select-walk'

export interface JoinedSelects {
  /** By the path of the file that they are made in. */
  readonly sites: ReadonlyMap<string, readonly Site[]>
  readonly notes: ReadonlyMap<string, readonly Note[]>
  /** The models of which a select asks for who changed or owns a record, or will once it is edited. */
  readonly withUsers: ReadonlySet<string>
}

/**
 * Brings the selects of all files together: one edit for each object, in the file where it stands, however many calls use
 * it. A constant that is spread into others gets the fields itself, unless another model's selects use it, too.
 */
export function joinSelects(files: Iterable<FileFacts>, { models, resolve, forOneself }: Joining): JoinedSelects {
  const selections: Selection[] = []
  const notes = new Map<string, Note[]>()
  const withUsers = new Set<string>()
  for (const file of files) {
    for (const use of file.selects) {
      const walk = new SelectWalk(models, resolve, use, file)
      walk.start()
      const isForOneself = use.method !== null && forOneself.has(use.method.toLowerCase())
      selections.push(
        ...walk.selections.map((each): Selection =>
          isForOneself ? { ...each, evidence: [...each.evidence, 'own-record'] } : each,
        ),
      )
      for (const model of walk.withUsers) withUsers.add(model)
      if (walk.notes.length > 0) notes.set(file.path, [...(notes.get(file.path) ?? []), ...walk.notes])
    }
  }
  const sites = sitesOf(selections, models)
  for (const { model, evidence } of [...sites.values()].flat()) if (rank(evidence) !== 'left-out') withUsers.add(model)
  return { sites, notes, withUsers }
}

interface Joining {
  readonly models: CodeModels
  readonly resolve: Resolve
  /** The methods, as `Callers` has them, that read the record of the user who is logged in. */
  readonly forOneself: ReadonlySet<string>
}
