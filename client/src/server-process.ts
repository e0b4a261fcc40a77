/** Node's options for the language server's process. The bench uses the same. */
export const SERVER_NODE_OPTIONS: readonly string[] = [
  // Megabytes of young generation, instead of sixteen: the server lives as long as the window and works in short
  // bursts, and most objects of a keystroke are dead by the time that it is full.
  '--max-semi-space-size=4',
]
