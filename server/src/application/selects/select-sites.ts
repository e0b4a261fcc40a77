import { scoreOf } from '../evidence'
import type { CodeModel, CodeModels, EvidenceName, Site } from '../model'
import { datesOf, hasKey, isAuditDate, isName, isSecret, isShown, isWhoChanged, showsHandler } from '../field-names'
import { isNamedForAdministrators } from '../place-evidence'
import { isSilenced } from '../silenced-lines'
import type { FoundObject } from './module-lookup'
import { insertion } from './select-edit'
import { creatorOf, type Selection } from './select-walk'

/** One site per object, in its file. A constant that selects of several models use is not edited. */
export class SelectSites {
  /** By object: the results for the same uses. */
  private made = new Map<string, MadeSite>()

  constructor(private readonly models: CodeModels) {}

  of(selections: readonly Selection[]): Map<string, Site[]> {
    const made = new Map<string, MadeSite>()
    const sites = new Map<string, Site[]>()
    for (const [key, { target, uses }] of byTarget(selections)) {
      const before = this.made.get(key)
      const known =
        before !== undefined && isSame(before.uses, uses) ? before : { uses, site: siteOf(target, uses, this.models) }
      made.set(key, known)
      if (known.site === null) continue
      const { path } = target.file
      const ofFile = sites.get(path)
      if (ofFile === undefined) sites.set(path, [known.site])
      else ofFile.push(known.site)
    }
    this.made = made
    return sites
  }
}

interface MadeSite {
  readonly uses: readonly Selection[]
  readonly site: Site | null
}

function byTarget(
  selections: readonly Selection[],
): Map<string, { readonly target: FoundObject; readonly uses: Selection[] }> {
  /** Null for an object that selects of several models use. */
  const modelOfObject = new Map<string, string | null>()
  for (const { keys, model } of selections) {
    for (const key of keys) {
      const known = modelOfObject.get(key)
      modelOfObject.set(key, known === undefined || known === model.model ? model.model : null)
    }
  }
  const targets = new Map<string, { readonly target: FoundObject; readonly uses: Selection[] }>()
  for (const selection of selections) {
    const index = selection.keys.findLastIndex((each) => modelOfObject.get(each) !== null)
    const key = selection.keys[index]
    const target = selection.chain[index]
    if (target === undefined || key === undefined) continue
    const entry = targets.get(key)
    if (entry === undefined) targets.set(key, { target, uses: [selection] })
    else entry.uses.push(selection)
  }
  return targets
}

function isSame<Item>(before: readonly Item[], now: readonly Item[]): boolean {
  return before.length === now.length && before.every((item, index) => item === now[index])
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
  // One look from outside or from a login is enough not to show more by itself, and so is what the constant itself is
  // called.
  const shared = [
    ...evidences.flat().filter((name) => SPOILING.has(name)),
    ...typed.flat().filter((name) => name === 'job-path'),
  ]
  // What one call reads for administrators, another may read for anyone.
  const isForAll = called.some((each) => !each.includes('admin-path'))
  const evidence = [...new Set([...best, ...shared])].filter((name) => !isForAll || name !== 'admin-path')
  if (first.isInclude) evidence.push('shows-creator')
  else if (!evidence.includes('shows-dates')) evidence.push('no-dates')
  if (missing.some(isWhoChanged) && uses.some(({ names }) => showsHandler(model, names))) evidence.push('shows-handler')
  const names = missing.map(({ name }) => name)
  // A guard may let others than administrators in, such as moderators.
  const isOfAdministrators = evidence.includes('admin-path') && isNamedForAdministrators(file.path)
  const showsAddresses = (isOfAdministrators || showsAddress(first, model, models)) && !evidence.includes('public-path')
  return {
    ...insertion(file.text, object, missing, { showsAddresses, like: creatorOf({ file, object }, model, models) }),
    title: `Add ${names.join(' and ')} to the ${first.isInclude ? 'include' : 'select'} of ${first.label}`,
    place: { start: object.start, end: object.start + 1 },
    model: model.model,
    names,
    kind: 'select',
    evidence,
    calls: uses.flatMap(({ usedIn, start }) => (start === null ? [] : [{ path: usedIn.path, start }])),
    inFunctions: uses.flatMap(({ inFunction }) => inFunction ?? []),
    fields: [...first.names].sort().join(' '),
    inMethod: uses.length === 1 ? first.inMethod : null,
  }
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
  // The schema may have the added fields already, or not yet.
  const columns = [...model.scalarFields].filter((name) => !model.members.some(({ column }) => column.name === name))
  const isMost = scalars.length >= 4 && scalars.length * 2 >= columns.length
  // Keys of other records say nothing to a person.
  const own = scalars.filter((name) => !/[a-z]Id$|_id$/.test(name))
  return [
    ...(hasKey(model, names) ? [] : (['no-key'] as const)),
    ...([...names].some(isDate) ? (['shows-dates'] as const) : []),
    ...(isMost ? (['most-fields'] as const) : []),
    ...(own.length < 3 ? (['few-fields'] as const) : []),
    ...(isMost || scalars.some(isName) ? [] : (['no-name'] as const)),
    ...(scalars.some(isSecret) ? (['secrets'] as const) : []),
  ]
}
