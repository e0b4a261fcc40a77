/** The absolute path of the repository. Filled in by esbuild, in tests only. */
declare const __REPOSITORY__: string
