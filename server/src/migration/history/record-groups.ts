import type { Step } from '../model'

export interface RecordGroup<Entry> {
  /** What the folders do. */
  readonly steps: readonly Entry[]
  /** The steps that record the folders; empty for a group at the end that nothing records. */
  readonly records: readonly Entry[]
}

/** Takes the steps of a run apart, each group with what records it, as `withHistorySteps` put them together. */
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
