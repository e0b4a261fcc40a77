import { firstOf } from '../../text/bounded-list'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import type { Refusal } from '../model'

export type RefusalGroup = Pick<Refusal, 'reason' | 'blocking'> & { readonly models: readonly Phrase[] }

/** Each refusal with its models. */
export function refusalLines(refusals: readonly Refusal[]): Phrase[] {
  const lines = groupRefusals(refusals).map(({ models, reason }) => phrase`${firstOf(models)}: ${reason}`)
  const more = lines.length - MOST
  return more <= 1 ? lines : [...lines.slice(0, MOST), phrase`… and ${more} more refusals`]
}

const MOST = 20

/**
 * Grouped by reason, in the order of the plan: a key that no column can reference is reported once, not for each of
 * thirty models.
 */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, Pick<Refusal, 'reason' | 'blocking'> & { readonly models: Map<string, Phrase> }>()
  for (const { model: name, reason, amount, blocking } of refusals) {
    const model = amount === undefined ? phrase`${name}` : phrase`${name} (${amount})`
    const key = JSON.stringify([inPlainEnglish(reason), blocking])
    const group = groups.get(key) ?? { models: new Map<string, Phrase>(), reason, blocking }
    group.models.set(inPlainEnglish(model), model)
    groups.set(key, group)
  }
  return [...groups.values()].map((group) => ({ ...group, models: [...group.models.values()] }))
}
