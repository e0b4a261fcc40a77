import { scoreOf } from '../evidence'
import type { CodeModel, CodeModels, EvidenceName, Site } from '../model'
import { datesOf, hasKey, isAuditDate, isChangeDate, isName, isSecret, isShown } from '../field-names'
import { isSilenced } from '../silenced-lines'
import type { FoundObject } from './module-lookup'
import { insertion } from './select-edit'
import { creatorOf, keyOf, type Selection } from './select-walk'

/** One site for each object, in the file where it stands. A constant that selects of several models use stays as it is. */
export function sitesOf(selections: readonly Selection[], models: CodeModels): Map<string, Site[]> {
  const modelsOfObject = new Map<string, Set<string>>()
  for (const { chain, model } of selections) {
    for (const found of chain) {
      modelsOfObject.set(keyOf(found), (modelsOfObject.get(keyOf(found)) ?? new Set()).add(model.model))
    }
  }
  const byTarget = new Map<string, { readonly target: FoundObject; readonly uses: Selection[] }>()
  for (const selection of selections) {
    const target = selection.chain.findLast((found) => modelsOfObject.get(keyOf(found))?.size === 1)
    if (target === undefined) continue
    const entry = byTarget.get(keyOf(target)) ?? { target, uses: [] }
    entry.uses.push(selection)
    byTarget.set(keyOf(target), entry)
  }
  const sites = new Map<string, Site[]>()
  for (const { target, uses } of byTarget.values()) {
    const site = siteOf(target, uses, models)
    if (site !== null) sites.set(target.file.path, [...(sites.get(target.file.path) ?? []), site])
  }
  return sites
}

/** A select of fewer fields asks whether a record is there, and does not show it. */
const SHOWN_FIELDS = 2

const SPOILING: ReadonlySet<EvidenceName> = new Set(['public-path', 'login-path', 'sent-outside'])

function siteOf({ file, object }: FoundObject, uses: readonly Selection[], models: CodeModels): Site | null {
  const [first] = uses
  if (first === undefined || object.lastMember === null) return null
  const { model } = first
  const missing = model.members.filter(
    (member) =>
      (!first.isInclude || member.shape.kind === 'user') &&
      !uses.some(({ names }) => isShown(member, names)) &&
      !isSilenced(file.silenced, [object.line - 1], member.auditField) &&
      !uses.some(({ usedIn, lines }) =>
        isSilenced(
          usedIn.silenced,
          lines.map((line) => line - 1),
          member.auditField,
        ),
      ),
  )
  const shown = [...first.names].filter((name) => model.scalarFields.has(name))
  if (missing.length === 0 || (!first.isInclude && shown.length < SHOWN_FIELDS)) return null
  const evidences = uses.map(({ evidence, names, isInclude }) => [
    ...evidence,
    ...(isInclude ? [] : evidenceOfNames(names, model)),
  ])
  // What a constant is used for says more than that it is typed.
  const typed = evidences.filter((each) => each.includes('shared-select'))
  const called = evidences.filter((each) => !each.includes('shared-select'))
  const best = (called.length > 0 ? called : typed).reduce((a, b) => (scoreOf(b) > scoreOf(a) ? b : a))
  // One look from outside or from a login is enough not to show more by itself, and so is what the constant itself is called.
  const shared = [
    ...evidences.flat().filter((name) => SPOILING.has(name)),
    ...typed.flat().filter((name) => name === 'job-path'),
  ]
  const evidence = [...new Set([...best, ...shared])]
  if (first.isInclude)
    evidence.push('shows-creator', ...(evidence.includes('admin-path') ? [] : (['include-for-all'] as const)))
  else if (!evidence.includes('admin-path')) {
    if (!evidence.includes('shows-dates')) evidence.push('no-dates')
    if (model.isUser && !first.names.has('email')) evidence.push('user-of-others')
  } else if (!(model.isUser && evidence.includes('named-after-model')) && !evidence.includes('shows-dates'))
    evidence.push('no-dates')
  if (called.length > 0 && uses.every((use) => !showsDates(use))) evidence.push('dates-not-shown')
  const names = missing.map(({ name }) => name)
  const showsAddresses =
    (evidence.includes('admin-path') || showsAddress(first, model, models)) && !evidence.includes('public-path')
  return {
    ...insertion(file.text, object, missing, { showsAddresses, like: creatorOf({ file, object }, model, models) }),
    title: `Add ${names.join(' and ')} to the ${first.isInclude ? 'include' : 'select'} of ${first.label}`,
    place: { start: object.start, end: object.start + 1 },
    model: model.model,
    names,
    kind: 'select',
    evidence,
  }
}

/** A route that loads its data for a page of the same file: do its dates come up in the page? */
function showsDates({ names, usedIn: { path, text } }: Selection): boolean {
  if (!/\.[jt]sx$/.test(path) || !text.includes('useLoaderData')) return true
  const dates = [...names].filter(isAuditDate)
  return (
    dates.length === 0 ||
    new RegExp(String.raw`\.\s*(?:${dates.join('|')})\b|['"\x60](?:${dates.join('|')})['"\x60]`).test(text)
  )
}

/** Does the select show e-mail addresses of users already, or is it beside one that does? */
function showsAddress({ names, chain }: Selection, model: CodeModel, models: CodeModels): boolean {
  if (model.isUser) return names.has('email')
  return chain.some(({ object }) =>
    [...object.members].some(([name, { value }]) => {
      if (models.get(model.relations.get(name)?.model ?? '')?.isUser !== true || value.kind !== 'object') return false
      const select = value.object.members.get('select')?.value
      return select?.kind === 'object' && select.object.members.has('email')
    }),
  )
}

function evidenceOfNames(names: ReadonlySet<string>, model: CodeModel): EvidenceName[] {
  const scalars = [...names].filter((name) => model.scalarFields.has(name))
  const isDate = (name: string) => datesOf(model).has(name) && isAuditDate(name)
  const isMost = scalars.length >= 4 && scalars.length * 2 >= model.scalarFields.size
  // Keys of other records say nothing to a person.
  const own = scalars.filter((name) => !/[a-z]Id$|_id$/.test(name))
  return [
    ...(hasKey(model, names) ? [] : (['no-key'] as const)),
    ...([...names].some(isDate) ? (['shows-dates'] as const) : []),
    ...([...names].some(isChangeDate) ? (['shows-changes'] as const) : []),
    ...(isMost ? (['most-fields'] as const) : []),
    ...(own.length < 3 ? (['few-fields'] as const) : []),
    ...(isMost || scalars.some(isName) ? [] : (['no-name'] as const)),
    ...(scalars.some(isSecret) ? (['secrets'] as const) : []),
  ]
}
