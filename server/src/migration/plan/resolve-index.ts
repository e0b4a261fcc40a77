import { indexName } from '../../audit/expected/names'
import type { Index } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { IndexTarget } from './audit-target'
import { nameWithSuffix } from './names'
import type { FieldContext } from './field-context'

/** The index that the policy or the schema wants on the column; null for none. */
export function resolveIndex(
  { actual, column, expected, takenNames }: FieldContext,
  wantedByPolicy: boolean,
): { readonly index: IndexTarget | null; readonly warnings: readonly string[] } {
  const inSchema = expected.indexes.find((index) => index.columns.length === 1 && index.columns[0]?.column === column)
  if (!wantedByPolicy && inSchema === undefined) return { index: null, warnings: [] }
  const existing = actual?.indexes.find((index) => serves(index, column))
  if (existing !== undefined) return { index: { name: existing.name, exists: true }, warnings: [] }
  const wanted = inSchema?.name ?? indexName(expected.name, [column])
  // What a broken build left behind under the name is cleared away, so the name is free.
  const isLeftover = actual?.indexes.some((index) => index.name === wanted && !index.valid) === true
  const name = isLeftover ? wanted : firstFreeName(wanted, `${expected.name}_${column}`, takenNames)
  takenNames.add(name)
  const warnings =
    name === wanted
      ? []
      : [
          `The name ${quoteIdentifier(wanted)} is taken, so the index of ${quoteIdentifier(column)} becomes ` +
            `${quoteIdentifier(name)}: write map: "${name}" into its @@index.`,
        ]
  return { index: { name, exists: false }, warnings }
}

/** Exactly this column, all rows, ready for use; its name is of no matter here. */
function serves(index: Index, column: string): boolean {
  return index.valid && index.predicate === null && index.columns.length === 1 && index.columns[0]?.column === column
}

function firstFreeName(wanted: string, base: string, taken: ReadonlySet<string>): string {
  let name = wanted
  for (let number = 1; taken.has(name); number++) name = nameWithSuffix(base, `_idx${number}`)
  return name
}
