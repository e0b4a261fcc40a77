/** The PG… variables, PATH and the like. */
export type Environment = Readonly<Record<string, string | undefined>>
