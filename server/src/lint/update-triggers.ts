export interface WrittenTrigger {
  readonly name: string
  readonly table: string
  /** The columns of UPDATE OF; empty for any. */
  readonly columns: readonly string[]
  /** The statement that creates its function; null if unknown. */
  readonly functionText: string | null
}

/** The triggers that a script has created so far and that may change a row, indexed so that not all are read. */
export class UpdateTriggers {
  /** The first one by table and column; null for any column. */
  private readonly first = new Map<string, Map<string | null, { readonly order: number; readonly name: string }>>()
  private count = 0

  add({ name, table, columns, functionText }: WrittenTrigger): void {
    if (functionText !== null && !CLOCK.test(functionText)) return
    const ofTable = this.first.get(table) ?? new Map<string | null, { order: number; name: string }>()
    this.first.set(table, ofTable)
    this.count++
    for (const column of columns.length === 0 ? [null] : columns)
      if (!ofTable.has(column)) ofTable.set(column, { order: this.count, name })
  }

  /** The name of the first trigger that fires when these columns change; null if none does. */
  firing(table: string, changed: readonly string[]): string | null {
    const ofTable = this.first.get(table)
    if (ofTable === undefined) return null
    const found = [null, ...changed].flatMap((column) => ofTable.get(column) ?? [])
    return found.sort((left, right) => left.order - right.order)[0]?.name ?? null
  }

  clear(): void {
    this.first.clear()
  }
}

/** A function that reads no column changes no row. */
const CLOCK = /\b(?:now|\w+_timestamp|localtimestamp|timeofday)\b/i
