import { NamedRecords } from './named-records'
import { isTestPath } from './place-evidence'
import type { CodeModels } from './model'

/**
 * The models whose records some code makes anew, member by member: `{ id: lead.id, createdAt:
 * lead.createdAt.toISOString() }`. What it does not list never arrives where the records are shown, whatever their type
 * says. By text alone, because most such code is not parsed.
 */
export class CopiedRecords {
  private readonly byFile = new Map<string, readonly string[]>()
  private readonly records: NamedRecords

  constructor(models: CodeModels) {
    this.records = new NamedRecords(models)
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.byFile.delete(path)
    if (isTestPath(shown)) return
    const owners = [...text.matchAll(COPIED)].map(([, , owner]) => owner)
    if (owners.length > 0) this.byFile.set(path, this.records.modelsOf(owners, shown, text))
  }

  remove(path: string): void {
    this.byFile.delete(path)
  }

  /** Whether this very file does so: its types and validation are those of what it makes. */
  areCopiedIn(path: string, model: string): boolean {
    return this.byFile.get(path)?.includes(model) === true
  }

  models(): ReadonlySet<string> {
    return new Set([...this.byFile.values()].flat())
  }
}

/** `createdAt: lead.createdAt`, `updated_at: new Date(row.updated_at)`, `createdAt: formatDate(user.createdAt)`. */
const COPIED =
  /\b((?:[cC]reated|[uU]pdated)_?(?:[aA]t|[oO]n)):\s{0,9}(?:(?:new\s)?[\w.]{1,40}\()?(\w{1,60})[!?]?\.\1\b/g
