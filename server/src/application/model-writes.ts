import { isTestPath } from './place-evidence'
import type { CodeModels } from './model'

/**
 * Which records are created and never changed: nobody misses who changed them, or when. Judged by text alone, of all
 * files: `tx.lead.create(…)`, `prisma.lead.update(…)`, and `leads: { update: … }` in the data of another record.
 */
export class ModelWrites {
  private readonly byFile = new Map<string, Writes>()
  private readonly modelOf: ReadonlyMap<string, string>
  /** By the name of a relation; several models may have one of that name. */
  private readonly modelsOf = new Map<string, Set<string>>()
  private created: ReadonlySet<string> | null = null

  constructor(models: CodeModels) {
    this.modelOf = new Map([...models.values()].map((model) => [model.clientName, model.model]))
    for (const { relations } of models.values()) {
      for (const [name, { model }] of relations)
        this.modelsOf.set(name, (this.modelsOf.get(name) ?? new Set()).add(model))
    }
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (isTestPath(shown)) return
    const created = new Set<string>()
    const changed = new Set<string>()
    for (const [, accessor = '', method = ''] of text.matchAll(WRITE)) {
      const model = this.modelOf.get(accessor)
      if (model !== undefined) (method.startsWith('create') ? created : changed).add(model)
    }
    if (NESTED_CHANGE.test(text)) {
      for (const [, name = ''] of text.matchAll(OBJECT))
        for (const model of this.modelsOf.get(name) ?? []) changed.add(model)
    }
    if (created.size > 0 || changed.size > 0) this.byFile.set(path, { created, changed })
  }

  remove(path: string): void {
    this.byFile.delete(path)
    this.created = null
  }

  areNeverChanged(model: string): boolean {
    this.created ??= this.onlyCreated()
    return this.created.has(model)
  }

  private onlyCreated(): ReadonlySet<string> {
    const writes = [...this.byFile.values()]
    const changed = new Set(writes.flatMap((each) => [...each.changed]))
    return new Set(writes.flatMap(({ created }) => [...created].filter((model) => !changed.has(model))))
  }
}

interface Writes {
  readonly created: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
}

const WRITE =
  /\.\s{0,40}(\w{1,100})\s{0,40}\.\s{0,40}(create(?:Many(?:AndReturn)?)?|update(?:Many(?:AndReturn)?)?|upsert)\s{0,10}\(/g

const NESTED_CHANGE = /\b(?:update|updateMany|upsert)\s*:/

/** `leads: {`. */
const OBJECT = /\b(\w{1,100})\s{0,40}:\s{0,40}\{/g
