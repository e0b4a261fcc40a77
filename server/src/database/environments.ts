/** What a database is for, least critical first. `sandbox`: created by us for this project, and deleted with it. */
export type DatabaseEnvironment = (typeof ENVIRONMENTS)[number]

export const ENVIRONMENTS = ['sandbox', 'local', 'development', 'staging', 'production'] as const

/** The environments that a person can set. */
export type SaidEnvironment = (typeof SAID_ENVIRONMENTS)[number]

export const SAID_ENVIRONMENTS = ['development', 'staging', 'production'] as const

/** The most critical of several environments of one database; null if there is none. */
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
