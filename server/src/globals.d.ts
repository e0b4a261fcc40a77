/** The folder that holds the bundles and the files beside them (`dist/`). Filled in by esbuild. */
declare const __BUNDLE_FOLDER__: string
