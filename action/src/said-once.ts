import type { ActionFinding } from './annotations'

/**
 * The findings of both commands without what they say twice: a common problem, such as a missing schema or a guessed
 * migrations folder, and a statement that `lint` names and at which the replay then failed.
 */
export function saidOnce(findings: readonly ActionFinding[]): ActionFinding[] {
  const distinct = [...new Map(findings.map((finding) => [keyOf(finding), finding])).values()]
  const failed = distinct.find(({ code }) => code === 'replay-failed')
  const reason = failed === undefined ? undefined : distinct.find((finding) => isReasonOf(finding, failed))
  if (reason === undefined) return distinct
  const message = `${reason.message}\n${NOT_COMPARED}`
  return distinct.flatMap((finding) => {
    if (finding === failed) return []
    return [finding === reason ? { ...reason, severity: 'error' as const, message } : finding]
  })
}

const NOT_COMPARED = 'The migrations cannot be replayed because of this, so the schema was not compared.'

export function isSame(one: ActionFinding, other: ActionFinding): boolean {
  return keyOf(one) === keyOf(other)
}

/** Each command adds members of its own, which make no difference here. */
function keyOf({ code, severity, message, file, range }: ActionFinding): string {
  return JSON.stringify([code, severity, message, file, range])
}

/** Statements that no PostgreSQL runs, or not in the transaction that a migration is. */
const REJECTED: readonly string[] = [
  ...['sql-syntax', 'psql-command', 'concurrently-in-transaction', 'concurrently-on-partitioned'],
  ...['enum-value-in-same-transaction', 'drop-database'],
]

function isReasonOf({ code, file, range }: ActionFinding, failed: ActionFinding): boolean {
  if (!REJECTED.includes(code) || file === null || file !== failed.file) return false
  if (range === null || failed.range === null) return false
  const { line } = failed.range.start
  return range.start.line <= line && line <= range.end.line
}
