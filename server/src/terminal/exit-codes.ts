import type { CommandOutcome } from '../commands/interaction'

/** The terminal's exit codes, a public contract. */
export const EXIT = {
  /** Success. */
  ok: 0,
  /** Findings at or above `--fail-on`, or a failed verification. */
  findings: 1,
  /** The command could not run: usage, an unreadable schema, no database, refused. */
  impossible: 2,
  /** Stopped or interrupted; the output says what was applied. */
  stopped: 3,
} as const

export function exitCodeOf(outcome: CommandOutcome): number {
  switch (outcome.status) {
    case 'done':
      return EXIT.ok
    case 'findings':
      return EXIT.findings
    case 'failed':
      return EXIT.impossible
    case 'cancelled':
      return EXIT.stopped
  }
}
