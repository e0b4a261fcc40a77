/** By name; passed in, so that a test or a workspace can use other ones than the process. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>
