/** Of the pg_dump in `@electric-sql/pglite-tools`; it can read servers of this and of older major versions. */
export const BUILT_IN_VERSION = '18.3'

export function isNewerThanBuiltIn(serverMajor: number): boolean {
  return serverMajor > Number.parseInt(BUILT_IN_VERSION, 10)
}
