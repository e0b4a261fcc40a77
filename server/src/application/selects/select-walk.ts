import { scoreOf } from '../evidence'
import type { CodeModel, CodeModels, EvidenceName, Note } from '../model'
import type { Value } from '../object-literal'
import type { FileFacts, SelectUse } from '../facts'
import { isCreator, isShown } from '../field-names'
import { lowerPlural } from '../../schema/edits/names'
import { UNKNOWN, type FoundObject, type Resolve, type Resolved } from './module-lookup'

/** Goes through the arguments of one call: its select, and those of the relations inside it. */
export class SelectWalk {
  readonly selections: Selection[] = []
  readonly notes: Note[] = []
  readonly withUsers = new Set<string>()
  private readonly visited = new Set<string>()
  /** How many relations deep the walk is, and whether what it is at only goes with another record. */
  private depth = 0
  private isInsideRecord = false
  private resolved = 0

  constructor(
    private readonly models: CodeModels,
    private readonly lookup: Resolve,
    private readonly use: SelectUse,
    private readonly file: FileFacts,
  ) {}

  start(): void {
    const { model, holds, value, label } = this.use
    if (holds === 'select') this.select(model, value, this.file, label)
    else this.arguments(model, value, this.file, label)
  }

  /** Constants that each spread another twice could make a walk endless. */
  private resolve(value: Value, file: FileFacts): Resolved {
    return ++this.resolved > MOST_RESOLVED ? UNKNOWN : this.lookup(value, file)
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
    const chain = this.chainOf(found, model)
    this.selections.push({
      model,
      chain,
      keys: chain.map(keyOf),
      names,
      isInclude: false,
      label,
      lines: [...this.use.lines, found.object.line],
      evidence: [...this.use.evidence, ...this.nesting()],
      usedIn: this.file,
      start: this.use.start,
      inMethod: this.use.inMethod,
      inFunction: this.use.inFunction,
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
      keys: [keyOf(found)],
      names,
      isInclude: true,
      label,
      lines: [...this.use.lines, found.object.line],
      evidence: [...this.use.evidence, ...this.nesting(), 'shows-creator'],
      usedIn: this.file,
      start: this.use.start,
      inMethod: this.use.inMethod,
      inFunction: this.use.inFunction,
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

/** In one call; the largest that people write have some fifty. */
const MOST_RESOLVED = 2000

/** One use of one object as the select of a model that has new fields. */
export interface Selection {
  readonly model: CodeModel
  /** The object itself first, then what it spreads, down to the one with the most fields. */
  readonly chain: readonly FoundObject[]
  /** Those of the chain. */
  readonly keys: readonly string[]
  /** Those of all objects that are spread, too. */
  readonly names: ReadonlySet<string>
  /** An include instead: it asks for users, and whole records have all else. */
  readonly isInclude: boolean
  readonly label: string
  readonly lines: readonly number[]
  readonly evidence: readonly EvidenceName[]
  readonly usedIn: FileFacts
  /** Where the call begins; null for a constant. */
  readonly start: number | null
  readonly inMethod: string | null
  readonly inFunction: string | null
}

/** The same object may be read twice: as a constant, and as what is typed. */
export function keyOf({ file, object }: FoundObject): string {
  return `${String(object.start)} ${file.path}`
}

function scalarsOf({ object }: FoundObject, model: CodeModel): number {
  return [...object.members.keys()].filter((name) => model.scalarFields.has(name)).length
}

/**
 * How the object asks for who created the record, as it is written: `true` or `{ select: … }`. Null where it does not,
 * or where that is not a user.
 */
export function creatorOf({ file, object }: FoundObject, model: CodeModel, models: CodeModels): string | null {
  for (const [name, { value }] of object.members) {
    if (!isCreator(name) || models.get(model.relations.get(name)?.model ?? '')?.isUser !== true) continue
    if (value.kind === 'object') return file.text.slice(value.object.start, value.object.end)
    if (value.kind === 'true' || value.kind === 'name') return value.kind === 'name' ? value.name : 'true'
  }
  return null
}
