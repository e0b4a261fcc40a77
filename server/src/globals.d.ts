/** The folder that holds the bundles and the files beside them (`dist/`). Filled in by esbuild. */
declare const __BUNDLE_FOLDER__: string

/** The program that a starter runs: `cli` or `server`. Filled in by esbuild. */
declare const __PROGRAM__: string
