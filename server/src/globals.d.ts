/** The folder that holds the bundles and the files beside them (`dist/`). Filled in by esbuild. */
declare const __BUNDLE_FOLDER__: string

/** The first digits of the SHA-256 of dist/cli-main.js and dist/server-main.js; replaced when their starters are bundled. */
declare const __CLI_FINGERPRINT__: string
declare const __SERVER_FINGERPRINT__: string
