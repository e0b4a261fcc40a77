import type { DatabaseClient } from '../database/connect'
import { withTrustedRoles } from '../database/trusted-roles'
import { firstOf } from '../text/bounded-list'
import { allOf, phrase, type Phrase } from '../text/phrase'
import type { Inventory } from './backup-way'
import type { BackupManifest } from './manifest/manifest'

/** What a backup needs and a server lacks. */
export interface MissingNeeds {
  readonly roles: readonly string[]
  readonly extensions: readonly string[]
}

/** Finds the roles and extensions of a backup that the server lacks, before anything is restored. */
export async function findMissingNeeds(client: DatabaseClient, needs: BackupManifest['needs']): Promise<MissingNeeds> {
  const { rows } = await client.query<MissingNeeds>(
    `SELECT
       ARRAY(
         SELECT n.name FROM pg_catalog.unnest($1::pg_catalog.text[]) AS n (name)
         WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) n.name)
       ) AS roles,
       ARRAY(
         SELECT n.name FROM pg_catalog.unnest($2::pg_catalog.text[]) AS n (name)
         WHERE NOT EXISTS (
           SELECT FROM pg_catalog.pg_available_extensions AS e WHERE e.name::pg_catalog.text OPERATOR(pg_catalog.=) n.name
         )
       ) AS extensions`,
    [needs.roles, needs.extensions],
  )
  return rows[0] ?? { roles: [], extensions: [] }
}

/** Tablespaces of the backup that the server lacks: everything then goes into the default one. */
export async function findMissingTablespaces(client: DatabaseClient, { entries }: Inventory): Promise<string[]> {
  const names = [...new Set(entries.map(({ tablespace }) => tablespace))].filter((name) => name !== '')
  if (names.length === 0) return []
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.name FROM pg_catalog.unnest($1::pg_catalog.text[]) AS n (name)
     WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_tablespace AS t WHERE t.spcname::pg_catalog.text OPERATOR(pg_catalog.=) n.name)`,
    [names],
  )
  return rows.map(({ name }) => name)
}

/** The warning of a restore without them; none if nothing is missing. */
export function warningsOfTablespaces(missing: readonly string[]): Phrase[] {
  return missing.length === 0
    ? []
    : [phrase`the server has no tablespace ${firstOf(missing, '; ')}; everything is in the default tablespace`]
}

/**
 * The owners that have fewer privileges than the restoring role. A restore runs their code (a CHECK, a domain, a
 * generated column) with the privileges of the restoring role, so a test must not do that on the server.
 */
export async function findUntrustedOwners(client: DatabaseClient, owners: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    withTrustedRoles(`SELECT r.rolname::pg_catalog.text AS name FROM pg_catalog.pg_roles AS r
     WHERE r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) ANY ($1::pg_catalog.text[]) AND r.oid NOT IN (:trusted)
     ORDER BY 1`),
    [owners],
  )
  return rows.map(({ name }) => name)
}

/** In words; null if nothing is missing. */
export function describeMissing({ roles, extensions }: MissingNeeds): Phrase | null {
  if (roles.length + extensions.length === 0) return null
  return phrase`${allOf([
    ...(roles.length === 0 ? [] : [phrase`roles ${roles}`]),
    ...(extensions.length === 0 ? [] : [phrase`extensions ${extensions}`]),
  ])}`
}
