/**
 * For bundles that a test runs briefly, hundreds of times: V8 does not recompile WebAssembly with optimizations. That
 * would take two fifths of the processor time of a `plan`.
 */
export const FLAGS_OF_SHORT_PROCESSES: readonly string[] = ['--liftoff-only']
