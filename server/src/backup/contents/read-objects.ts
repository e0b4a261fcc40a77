import type { DatabaseClient } from '../../database/connect'
import columns from './columns.sql'
import fingerprints from './fingerprints.sql'
import type { DatabaseObject } from './model'
import objectsQuery from './objects.sql'
import otherObjectsQuery from './other-objects.sql'
import privilegesQuery from './privileges.sql'
import { withRelations } from './relations'
import tableObjectsQuery from './table-objects.sql'

/** The objects in a dump, without rows. */
export async function readObjects(client: DatabaseClient): Promise<DatabaseObject[]> {
  const objects: DatabaseObject[] = []
  for (const query of [tableObjectsQuery, objectsQuery, otherObjectsQuery, privilegesQuery]) {
    // Functions, because `$` has a meaning in a replacement string.
    const whole = fingerprints.replace(':objects', () => query.replace(':columns', () => columns))
    for (const object of (await client.query<DatabaseObject>(withRelations(whole))).rows) objects.push(object)
  }
  return objects.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1))
}
