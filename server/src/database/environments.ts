/** What a database is for, the least to lose first. `sandbox`: made by us for this project, and gone with it. */
export type DatabaseEnvironment = (typeof ENVIRONMENTS)[number]

export const ENVIRONMENTS = ['sandbox', 'local', 'development', 'staging', 'production'] as const

/** What a person can say of a database. */
export type SaidEnvironment = (typeof SAID_ENVIRONMENTS)[number]

export const SAID_ENVIRONMENTS = ['development', 'staging', 'production'] as const

/** Of several words about one database that counts by which most is at stake; null where there is none. */
export function strictestEnvironment<Environment extends DatabaseEnvironment>(
  given: readonly (Environment | null | undefined)[],
): Environment | null {
  const known = given.filter((each) => each !== null && each !== undefined)
  return known.reduce<Environment | null>(
    (strictest, each) =>
      strictest === null || ENVIRONMENTS.indexOf(each) > ENVIRONMENTS.indexOf(strictest) ? each : strictest,
    null,
  )
}
