import type { InventoryEntry } from '../backup-way'
import { COMPARED_TYPES } from './entry-types'

/**
 * Collects the entries of a table of contents that a proof or a restore asks for: those that are compared with the
 * catalog, and of the others (defaults, owned sequences, rows), one for each owner and tablespace. A table has about
 * ten entries, so that thousands of tables would take tens of megabytes.
 */
export class ListedEntries {
  readonly entries: InventoryEntry[] = []
  private readonly texts = new Map<string, string>()
  private readonly places = new Set<string>()

  add({ type, schema, name, owner, tablespace }: InventoryEntry): void {
    const place = JSON.stringify([owner, tablespace])
    if (!ASKED_FOR.has(type) && !COMPARED_TYPES.has(type) && this.places.has(place)) return
    this.places.add(place)
    this.entries.push({
      ...{ type: this.shared(type), schema: this.shared(schema), name: copyOf(name) },
      ...{ owner: this.shared(owner), tablespace: this.shared(tablespace) },
    })
  }

  /** The same string for equal texts. */
  private shared(text: string): string {
    const known = this.texts.get(text)
    if (known !== undefined) return known
    const copy = copyOf(text)
    this.texts.set(copy, copy)
    return copy
  }
}

/** Not restored into a copy, which the result says. */
const ASKED_FOR: ReadonlySet<string> = new Set(['SUBSCRIPTION'])

/** A part of a string keeps the whole one in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
