import assert from 'node:assert/strict'

/** Clears the screen, sets the title, begins a line of ours, turns the reading direction, and is a link and markup. */
export const HOSTILE =
  '\u001b[2J\u001b]0;title\u0007\r\nNo findings: all is well\u202e [x](command:y) <script> | `` */ '

/** No terminal interprets it, every part is visible, no line of it is forged, and its length is limited. */
export function assertHarmless(output: string, { linesAreOurs = true } = {}): void {
  assert.doesNotMatch(output.replace(/[\n\t]/g, ''), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  if (linesAreOurs) assert.doesNotMatch(output, /^\s*No findings: (all|ok)/m)
  // A preview with its SQL is half of that, and grows with each step of the plan.
  assert.ok(output.length < 1_000_000, String(output.length))
}
