import type { DatabaseClient } from '../../database/connect'
import columns from './columns.sql'
import fingerprints from './fingerprints.sql'
import { OBJECT_KINDS, type DatabaseObject, type ObjectKind } from './model'
import objectsQuery from './objects.sql'
import otherObjectsQuery from './other-objects.sql'
import privilegesQuery from './privileges.sql'
import { withRelations } from './relations'
import tableObjectsQuery from './table-objects.sql'

/** The objects in a dump, without rows. */
export async function readObjects(client: DatabaseClient): Promise<DatabaseObject[]> {
  const objects: DatabaseObject[] = []
  for (const query of queries()) {
    for (const { kind, name, fingerprint } of (await client.query<DatabaseObject>(query)).rows)
      objects.push({ kind: KINDS.get(kind) ?? kind, name, fingerprint })
  }
  return objects.sort((a, b) => (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind < b.kind ? -1 : 1))
}

/** Whether there is an object of one of the kinds. */
export async function hasObject(client: DatabaseClient, kinds: readonly ObjectKind[]): Promise<boolean> {
  for (const query of queries()) {
    const { rowCount } = await client.query(
      `SELECT FROM (${query}) AS o WHERE o.kind OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[]) LIMIT 1`,
      [kinds],
    )
    if (rowCount !== 0) return true
  }
  return false
}

function queries(): string[] {
  return [tableObjectsQuery, objectsQuery, otherObjectsQuery, privilegesQuery].map((query) =>
    // Functions, because `$` has a meaning in a replacement string.
    withRelations(fingerprints.replace(':objects', () => query.replace(':columns', () => columns))),
  )
}

/** One string for each kind, instead of one for each object. */
const KINDS: ReadonlyMap<string, ObjectKind> = new Map(OBJECT_KINDS.map((kind) => [kind, kind]))
