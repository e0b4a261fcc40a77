import trustedRoles from './queries/trusted-roles.sql'

/**
 * The query with the roles that we trust, one `oid` each, in the place of `:trusted`: all that asks for them has one
 * list.
 */
export function withTrustedRoles(query: string): string {
  // A function, since a replacement's `$` would mean something.
  return query.replaceAll(':trusted', () => trustedRoles)
}
