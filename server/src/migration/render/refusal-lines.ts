import { boundedList, listNames } from '../../text/bounded-list'
import type { Refusal } from '../model'

export type RefusalGroup = Pick<Refusal, 'reason' | 'blocking'> & { readonly models: readonly string[] }

/** Each refusal with its models. */
export function refusalLines(refusals: readonly Refusal[]): string[] {
  const lines = groupRefusals(refusals).map(({ models, reason }) => `${listNames(models)}: ${reason}`)
  return boundedList(lines, MOST, 'refusals')
}

const MOST = 20

/**
 * Grouped by reason, in the order of the plan: a key that no column can reference is reported once, not for each of
 * thirty models.
 */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup & { readonly models: string[] }>()
  for (const { model: name, reason, amount, blocking } of refusals) {
    const model = amount === undefined ? name : `${name} (${amount})`
    const key = JSON.stringify([reason, blocking])
    const group = groups.get(key) ?? { models: [], reason, blocking }
    if (!group.models.includes(model)) group.models.push(model)
    groups.set(key, group)
  }
  return [...groups.values()]
}
