import type { TableSurroundings } from '../../../database/model-surroundings'
import type { Step } from '../../model'
import { STEP_KINDS } from '../../step-kinds'
import { titleOfName } from '../titles'
import { allOf, phrase, type Phrase } from '../../../text/phrase'

/** A table of the plan, what surrounds it, and the plan's steps on it. */
export interface ChangedTable {
  readonly around: TableSurroundings
  /** In the words of a message. */
  readonly label: string
  /** The model in the schema; the label if it has none. */
  readonly model: string
  readonly steps: readonly Step[]
}

export function writesRows({ steps }: ChangedTable): boolean {
  return steps.some(({ kind }) => STEP_KINDS[kind].writesRows === true)
}

export function addedColumns({ steps }: ChangedTable): string[] {
  return steps.filter(({ kind }) => kind === 'add-column').map(({ object }) => object ?? '')
}

/** `rules "a" and "b"`. */
export function namedRules(names: readonly string[]): Phrase {
  const titles = allOf(names.map(titleOfName))
  return names.length === 1 ? phrase`rule ${titles}` : phrase`rules ${titles}`
}

export function namedPublications(names: readonly string[]): Phrase {
  const titles = allOf(names.map(titleOfName))
  return names.length === 1 ? phrase`publication ${titles}` : phrase`publications ${titles}`
}
