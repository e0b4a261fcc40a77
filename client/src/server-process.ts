/**
 * Node's options for the language server's process, both in Node's own documentation. The bench and the tests use the
 * same.
 */
export const SERVER_NODE_OPTIONS: readonly string[] = [
  // Megabytes of half the young generation, instead of sixteen: the server lives as long as the window and works in
  // short bursts, and most objects of a keystroke are dead by the time that it is full.
  '--max-semi-space-size=2',
  // Megabytes of the old generation, instead of up to four thousand: the smaller its limit, the earlier V8 collects
  // garbage. docs/bench.md says what is known to fit into it: previews and verifications of 5,000 models.
  '--max-old-space-size=768',
]

/** glibc would keep memory for each of Node's threads, about 5 MB; other C libraries do not read it. */
export const SERVER_ENVIRONMENT: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '1' }
