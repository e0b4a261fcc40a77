import type { Finding } from './finding'

/** Findings that a project knows and lives with for now: `check` passes over them, and says which of them are gone. */
export interface Baseline {
  readonly findings: readonly KnownFinding[]
}

/** What makes a finding the same one tomorrow: its code and what it is about, never its place or its words. */
export type KnownFinding = { readonly code: string } & Readonly<Partial<Record<(typeof SUBJECT)[number], string>>>

const SUBJECT = ['model', 'field', 'schemaName', 'table', 'column', 'object', 'missingIn'] as const

/** A baseline of all findings that there are now, sorted so that a review shows only what changed. Hints are not in it. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const known = new Map(
    findings
      .filter(({ severity, code }) => severity !== 'hint' && !NEVER_KNOWN.includes(code))
      .map((finding) => [keyOf(knownOf(finding)), knownOf(finding)]),
  )
  return { findings: [...known].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, finding]) => finding) }
}

/** What is wrong with the files themselves is never something to live with. */
const NEVER_KNOWN: readonly string[] = ['schema-syntax', 'schema-invalid', 'policy-invalid', 'policy-model', 'prisma-8']

export interface Compared<Found> {
  readonly fresh: readonly Found[]
  readonly known: number
  /** Of the baseline, what is not found any more. */
  readonly gone: readonly KnownFinding[]
}

/** Which findings are not in the baseline, how many are, and what of it is gone. */
export function compareWithBaseline<Found extends Finding>(
  findings: readonly Found[],
  baseline: Baseline,
): Compared<Found> {
  const keys = new Set(baseline.findings.map(keyOf))
  const found = new Set(findings.map((finding) => keyOf(knownOf(finding))))
  const isKnown = (finding: Found) => !NEVER_KNOWN.includes(finding.code) && keys.has(keyOf(knownOf(finding)))
  const fresh = findings.filter((finding) => !isKnown(finding))
  return {
    fresh,
    known: findings.length - fresh.length,
    gone: baseline.findings.filter((known) => !found.has(keyOf(known))),
  }
}

/** Null where the text is no baseline of this version. */
export function parseBaseline(text: string): Baseline | null {
  try {
    const { formatVersion, findings } = JSON.parse(text) as { formatVersion?: unknown; findings?: unknown }
    if (formatVersion !== FORMAT || !Array.isArray(findings)) return null
    return findings.every(isKnownFinding) ? { findings } : null
  } catch {
    return null
  }
}

/** As it is kept in git: a line a finding. */
export function renderBaseline({ findings }: Baseline): string {
  const lines = findings.map((finding) => `    ${JSON.stringify(finding)}`)
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "formatVersion": ${FORMAT},\n  "findings": ${list}\n}\n`
}

const FORMAT = 1

function knownOf(finding: Finding): KnownFinding {
  const subject = SUBJECT.flatMap((key) => {
    const value = finding[key] ?? null
    return value === null ? [] : [[key, value]]
  })
  return { code: finding.code, ...Object.fromEntries(subject) } as KnownFinding
}

function keyOf(finding: KnownFinding): string {
  return JSON.stringify([finding.code, ...SUBJECT.map((key) => finding[key] ?? null)])
}

function isKnownFinding(value: unknown): value is KnownFinding {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  return (
    'code' in value && entries.every(([key, text]) => [...SUBJECT, 'code'].includes(key) && typeof text === 'string')
  )
}
