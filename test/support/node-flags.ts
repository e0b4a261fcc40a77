/**
 * For bundles that a test runs for a moment, and in the hundreds: V8 does not compile WebAssembly once more, better, beside what it
 * runs. That takes two fifths of the processor time of a `plan`.
 */
export const FLAGS_OF_SHORT_PROCESSES: readonly string[] = ['--liftoff-only']
