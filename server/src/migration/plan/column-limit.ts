import { grouped } from '../../text/amounts'

/**
 * Why a table with so many columns cannot get so many more; null if it can. Dropped columns count as well, until the
 * table is created anew.
 */
export function whyTooWide(label: string, columns: number, added: number): string | null {
  if (added === 0 || columns + added <= MOST_COLUMNS) return null
  return (
    `${label} has ${grouped(columns)} columns, dropped ones included, and PostgreSQL allows ${grouped(MOST_COLUMNS)} in a table, so ` +
    `${grouped(added)} more cannot be added. Move some of its columns to another table, or remove the model from the policy.`
  )
}

/** `MaxHeapAttributeNumber`. */
const MOST_COLUMNS = 1600
