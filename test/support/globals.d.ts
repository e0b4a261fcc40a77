/** The absolute path of the repository. Filled in by esbuild, in tests only. */
declare const __REPOSITORY__: string

/**
 * The part of the WebAssembly API that the tests use. Node has it, but its types for version 20 leave it to the DOM's.
 */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>
  interface Module {
    readonly [Symbol.toStringTag]: string
  }
  const Module: {
    new (bytes: Uint8Array): Module
    imports(module: Module): { module: string; name: string }[]
  }
  class Instance {
    constructor(module: Module, imports: Record<string, unknown>)
    readonly exports: Exports
  }
}
