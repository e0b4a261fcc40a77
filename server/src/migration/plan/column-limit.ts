import { phrase, type Phrase } from '../../text/phrase'

/**
 * Why a table with so many columns cannot get so many more; null if it can. Dropped columns count as well, until the
 * table is created anew.
 */
export function whyTooWide(label: string, columns: number, added: number): Phrase | null {
  if (added === 0 || columns + added <= MOST_COLUMNS) return null
  return phrase`${label} has ${columns} columns, dropped ones included, and PostgreSQL allows ${MOST_COLUMNS} in a table, so ${added} more cannot be added. Move some of its columns to another table, or remove the model from the policy.`
}

/** `MaxHeapAttributeNumber`. */
const MOST_COLUMNS = 1600
