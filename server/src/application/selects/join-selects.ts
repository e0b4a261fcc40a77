import { rank, scoreOf } from '../evidence'
import type { CodeModel, CodeModels, EvidenceName, Note, Site } from '../model'
import type { Value } from '../object-literal'
import type { FileFacts, SelectUse } from '../facts'
import { datesOf, hasKey, isAuditDate, isCreator, isName, isSecret, isShown } from '../field-names'
import { lowerPlural } from '../../schema/edits/names'
import { isSilenced } from '../silenced-lines'
import type { FoundObject, Resolve } from './module-lookup'
import { insertion } from './select-edit'

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
      const walk = new Walk(models, resolve, use, file)
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

/** One use of one object as the select of a model that has new fields. */
interface Selection {
  readonly model: CodeModel
  /** The object itself first, then what it spreads, down to the one with the most fields. */
  readonly chain: readonly FoundObject[]
  /** Those of all objects that are spread, too. */
  readonly names: ReadonlySet<string>
  /** An include instead: it asks for users, and whole records have all else. */
  readonly isInclude: boolean
  readonly label: string
  readonly lines: readonly number[]
  readonly evidence: readonly EvidenceName[]
  readonly usedIn: FileFacts
}

/** Goes through the arguments of one call: its select, and those of the relations inside it. */
class Walk {
  readonly selections: Selection[] = []
  readonly notes: Note[] = []
  readonly withUsers = new Set<string>()
  private readonly visited = new Set<string>()
  /** How many relations deep the walk is, and whether what it is at only goes with another record. */
  private depth = 0
  private isInsideRecord = false

  constructor(
    private readonly models: CodeModels,
    private readonly resolve: Resolve,
    private readonly use: SelectUse,
    private readonly file: FileFacts,
  ) {}

  start(): void {
    const { model, holds, value, label } = this.use
    if (holds === 'select') this.select(model, value, this.file, label)
    else this.arguments(model, value, this.file, label)
  }

  private arguments(model: string | null, value: Value, file: FileFacts, label: string): void {
    for (const found of this.resolve(value, file).objects) {
      if (this.visited.has(keyOf(found))) continue
      this.visited.add(keyOf(found))
      const { members, spreads } = found.object
      const select = members.get('select')?.value
      if (select !== undefined) this.select(model, select, found.file, label)
      else {
        for (const spread of spreads) this.arguments(model, spread.value, found.file, label)
        const include = members.get('include')?.value
        if (include !== undefined) {
          for (const each of this.resolve(include, found.file).objects) {
            this.relations(model, each, label)
            this.includeObject(model, each, label)
          }
        }
      }
      this.visited.delete(keyOf(found))
    }
  }

  private select(model: string | null, value: Value, file: FileFacts, label: string): void {
    const { objects, isComplete } = this.resolve(value, file)
    if (!isComplete && objects.length === 0) this.note(model, label, 'is built elsewhere')
    for (const found of objects) {
      if (this.visited.has(keyOf(found))) continue
      this.visited.add(keyOf(found))
      this.selectObject(model, found, label)
      this.visited.delete(keyOf(found))
    }
  }

  private selectObject(name: string | null, found: FoundObject, label: string): void {
    this.relations(name, found, label)
    const model = name === null ? undefined : this.models.get(name)
    if (model === undefined || model.members.length === 0) return
    const names = new Set<string>()
    const isComplete = this.collect(found, names, new Set())
    if (model.members.some(({ name: added, shape }) => shape.kind === 'user' && names.has(added)))
      this.withUsers.add(model.model)
    const missing = model.members.filter((member) => !isShown(member, names))
    if (missing.length === 0) return
    if (!isComplete) {
      this.note(model.model, label, 'spreads another object')
      return
    }
    this.selections.push({
      model,
      chain: this.chainOf(found, model),
      names,
      isInclude: false,
      label,
      lines: [...this.use.lines, found.object.line],
      evidence: [...this.use.evidence, ...this.nesting()],
      usedIn: this.file,
    })
  }

  /** An include that asks for who created the record, and not for who changed it. */
  private includeObject(name: string | null, found: FoundObject, label: string): void {
    const model = name === null ? undefined : this.models.get(name)
    const names = new Set(found.object.members.keys())
    if (model === undefined || creatorOf(found, model, this.models) === null) return
    if (!this.collect(found, new Set(), new Set())) return
    const users = model.members.filter(({ shape }) => shape.kind === 'user')
    if (users.some(({ name: added }) => names.has(added))) this.withUsers.add(model.model)
    if (users.every((member) => isShown(member, names))) return
    this.selections.push({
      model,
      chain: [found],
      names,
      isInclude: true,
      label,
      lines: [...this.use.lines, found.object.line],
      evidence: [...this.use.evidence, ...this.nesting(), 'shows-creator'],
      usedIn: this.file,
    })
  }

  private nesting(): readonly EvidenceName[] {
    if (this.isInsideRecord) return ['inside-a-record']
    return this.depth > 0 ? ['nested-list'] : []
  }

  /** `projects: { select: … }` inside a select or an include. */
  private relations(model: string | null, { object, file }: FoundObject, label: string): void {
    const relations = model === null ? null : this.models.get(model)?.relations
    for (const [name, { value }] of object.members) {
      const related = relations === null ? this.relationByName(name, value) : relations?.get(name)
      if (related === undefined) continue
      const outer = this.isInsideRecord
      this.isInsideRecord ||= !related.isList || this.depth > 0
      this.depth++
      this.arguments(related.model, value, file, `${name} in ${label.replace(/^\w+ in /, '')}`)
      this.depth--
      this.isInsideRecord = outer
    }
    for (const { value } of object.spreads) {
      for (const spread of this.resolve(value, file).objects) {
        if (this.visited.has(keyOf(spread))) continue
        this.visited.add(keyOf(spread))
        this.relations(model, spread, label)
        this.visited.delete(keyOf(spread))
      }
    }
  }

  /** `projects: { select: … }` where the schema does not know the model around it. */
  private relationByName(name: string, value: Value): { readonly model: string; readonly isList: boolean } | undefined {
    if (value.kind !== 'object' && value.kind !== 'name') return undefined
    const model = [...this.models.values()].find(
      ({ model: each, members }) => members.length > 0 && lowerPlural(each) === name,
    )
    return model === undefined ? undefined : { model: model.model, isList: true }
  }

  /** Adds the names of an object and of what it spreads; false where not all of them can be told. */
  private collect(found: FoundObject, names: Set<string>, visited: Set<string>): boolean {
    const { object, file } = found
    if (visited.has(keyOf(found))) return false
    visited.add(keyOf(found))
    for (const name of object.members.keys()) names.add(name)
    let isComplete = !object.hasComputedNames
    for (const { value } of object.spreads) {
      const spread = this.resolve(value, file)
      isComplete &&= spread.isComplete
      for (const each of spread.objects) isComplete = this.collect(each, names, visited) && isComplete
    }
    return isComplete
  }

  private chainOf(found: FoundObject, model: CodeModel): FoundObject[] {
    const chain = [found]
    for (;;) {
      const last = chain.at(-1) ?? found
      const own = scalarsOf(last, model)
      const bases = last.object.spreads
        .flatMap(({ value }) => (value.kind === 'either' ? [] : this.resolve(value, last.file).objects))
        .filter((base) => !chain.some((each) => keyOf(each) === keyOf(base)))
      const base = bases.sort((a, b) => scalarsOf(b, model) - scalarsOf(a, model))[0]
      if (base === undefined || scalarsOf(base, model) < 2 || scalarsOf(base, model) < own) return chain
      chain.push(base)
    }
  }

  private note(model: string | null, label: string, what: string): void {
    const members = (model === null ? undefined : this.models.get(model))?.members ?? []
    if (members.length === 0 || scoreOf(this.use.evidence) < 0) return
    const names = members.map(({ name }) => name).join(' and ')
    this.notes.push({ line: this.use.lines[0] ?? 1, text: `the select of ${label} ${what}; look there for ${names}` })
  }
}

/** The same object may be read twice: as a constant, and as what is typed. */
function keyOf({ file, object }: FoundObject): string {
  return `${String(object.start)} ${file.path}`
}

function scalarsOf({ object }: FoundObject, model: CodeModel): number {
  return [...object.members.keys()].filter((name) => model.scalarFields.has(name)).length
}

/** A select of fewer fields asks whether a record is there, and does not show it. */
const SHOWN_FIELDS = 2

function sitesOf(selections: readonly Selection[], models: CodeModels): Map<string, Site[]> {
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
  if (first.isInclude) evidence.push('shows-creator')
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

/**
 * How the object asks for who created the record, as it is written: `true` or `{ select: … }`. Null where it does not, or where
 * that is not a user.
 */
function creatorOf({ file, object }: FoundObject, model: CodeModel, models: CodeModels): string | null {
  for (const [name, { value }] of object.members) {
    if (!isCreator(name) || models.get(model.relations.get(name)?.model ?? '')?.isUser !== true) continue
    if (value.kind === 'object') return file.text.slice(value.object.start, value.object.end)
    if (value.kind === 'true' || value.kind === 'name') return value.kind === 'name' ? value.name : 'true'
  }
  return null
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
    ...(isMost ? (['most-fields'] as const) : []),
    ...(own.length < 3 ? (['few-fields'] as const) : []),
    ...(isMost || scalars.some(isName) ? [] : (['no-name'] as const)),
    ...(scalars.some(isSecret) ? (['secrets'] as const) : []),
  ]
}
