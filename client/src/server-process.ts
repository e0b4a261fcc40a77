/** Node's options for the language server's process. The bench measures with the same. */
export const SERVER_NODE_OPTIONS: readonly string[] = [
  // Megabytes for what is young, instead of sixteen: the server lives as long as the window and works in short bursts, and
  // most of what a keystroke makes has died when that is full.
  '--max-semi-space-size=4',
]
