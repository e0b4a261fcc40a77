/** The folder that holds the bundles and the files beside them (`dist/`). Filled in by esbuild. */
declare const __BUNDLE_FOLDER__: string

/** The program that a starter runs: `cli` or `server`. Filled in by esbuild. */
declare const __PROGRAM__: string

/** A `.sql` file is imported as its text (esbuild's text loader). */
declare module '*.sql' {
  const text: string
  export default text
}

/** A `.txt` file is imported as its text (esbuild's text loader). */
declare module '*.txt' {
  const text: string
  export default text
}
