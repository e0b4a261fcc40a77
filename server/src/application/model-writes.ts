import { isTestPath } from './place-evidence'
import type { CodeModels } from './model'

/**
 * Which records are created and never changed: nobody misses who changed them, or when. Judged by text alone, of all
 * files: `tx.lead.create(…)`, `prisma.lead.update(…)`, and `leads: { update: … }` in the data of another record.
 */
export class ModelWrites {
  private readonly byFile = new Map<string, Writes>()
  private readonly modelOf: ReadonlyMap<string, string>
  private readonly relations: readonly (readonly [RegExp, string])[]
  private created: ReadonlySet<string> | null = null

  constructor(models: CodeModels) {
    this.modelOf = new Map([...models.values()].map((model) => [model.clientName, model.model]))
    const relations = new Map(
      [...models.values()].flatMap((model) =>
        [...model.relations].map(([name, of]) => [`${name} ${of.model}`, [name, of.model]] as const),
      ),
    )
    this.relations = [...relations.values()].map(([name, model]) => [new RegExp(String.raw`\b${name}\s*:\s*\{`), model])
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (isTestPath(shown)) return
    const created: string[] = []
    const changed: string[] = []
    for (const [, accessor = '', method = ''] of text.matchAll(WRITE)) {
      const model = this.modelOf.get(accessor)
      if (model !== undefined) (method.startsWith('create') ? created : changed).push(model)
    }
    if (NESTED_CHANGE.test(text)) {
      for (const [relation, model] of this.relations) if (relation.test(text)) changed.push(model)
    }
    if (created.length > 0 || changed.length > 0) this.byFile.set(path, { created, changed })
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
    const changed = new Set(writes.flatMap((each) => each.changed))
    return new Set(writes.flatMap(({ created }) => created.filter((model) => !changed.has(model))))
  }
}

interface Writes {
  readonly created: readonly string[]
  readonly changed: readonly string[]
}

const WRITE =
  /\.\s{0,40}(\w{1,100})\s{0,40}\.\s{0,40}(create(?:Many(?:AndReturn)?)?|update(?:Many(?:AndReturn)?)?|upsert)\s{0,10}\(/g

const NESTED_CHANGE = /\b(?:update|updateMany|upsert)\s*:/
