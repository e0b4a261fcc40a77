import type { Step } from '../model'

export interface RecordGroup<Entry> {
  /** The steps in the folders. */
  readonly steps: readonly Entry[]
  /** The steps that record the folders; empty for a last group that is not recorded. */
  readonly records: readonly Entry[]
}

/** Splits the steps of a run into groups with the steps that record them, the reverse of `withHistorySteps`. */
export function recordGroups<Entry>(
  entries: readonly Entry[],
  stepOf: (entry: Entry) => Pick<Step, 'folder'>,
): RecordGroup<Entry>[] {
  const groups: { steps: Entry[]; records: Entry[] }[] = []
  for (const entry of entries) {
    const isRecord = stepOf(entry).folder !== undefined
    let group = groups.at(-1)
    if (group === undefined || (!isRecord && group.records.length > 0)) {
      group = { steps: [], records: [] }
      groups.push(group)
    }
    if (isRecord) group.records.push(entry)
    else group.steps.push(entry)
  }
  return groups
}
