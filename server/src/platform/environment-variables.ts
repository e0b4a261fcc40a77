/** By their names; handed in, so that a test or a workspace can have others than the process. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>
