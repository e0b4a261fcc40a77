/** The folder that holds the bundles and the files beside them (`dist/`). Filled in by esbuild. */
declare const __BUNDLE_FOLDER__: string

/** The bundle that a starter loads: `cli-main.js` or `server-main.js`. Filled in by esbuild. */
declare const __MAIN_BUNDLE__: string
