/**
 * Node's options for the language server's process. The last two are in Node's own documentation, the first two are
 * V8's. The bench and the tests use the same.
 */
export const SERVER_NODE_OPTIONS: readonly string[] = [
  // Compacts the heap when it collects garbage: at 1,001 models 12 MB less after 1,000 edits, for more processor time
  // (docs/bench.md). The processes of `backup` and `restore` have it, too.
  '--optimize-for-size',
  // Percent by which a heap grows before its garbage is collected. The option above alone means 30, with which an edit
  // takes a fifth more of processor time where every model has a finding.
  '--heap-growing-percent=50',
  // Megabytes of half the young generation, instead of sixteen: the server lives as long as the window and works in
  // short bursts, and most objects of a keystroke are dead by the time that it is full.
  '--max-semi-space-size=2',
  // Megabytes of the old generation, instead of up to four thousand: the smaller its limit, the earlier V8 collects
  // garbage. docs/bench.md says what is known to fit into it: previews and verifications of 5,000 models.
  '--max-old-space-size=768',
]
