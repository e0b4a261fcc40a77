import type { ObjectKind } from './model'

/** pg_dump's names for kinds that it lists separately. */
export const ENTRY_TYPES: Partial<Record<ObjectKind, readonly string[]>> = {
  table: ['TABLE', 'FOREIGN TABLE'],
  view: ['VIEW'],
  'materialized view': ['MATERIALIZED VIEW'],
  index: ['INDEX'],
  trigger: ['TRIGGER'],
}

/** The entries of a table of contents that are compared with the catalog. */
export const COMPARED_TYPES: ReadonlySet<string> = new Set(Object.values(ENTRY_TYPES).flat())
