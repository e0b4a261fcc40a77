import type { Finding } from './finding'

/** Known findings of a project: `check` does not list them, and reports which of them are fixed. */
export interface Baseline {
  readonly findings: readonly KnownFinding[]
}

/** The identity of a finding over time: its code and its object, never its position or its text. */
export type KnownFinding = { readonly code: string } & Readonly<Partial<Record<(typeof SUBJECT)[number], string>>>

const SUBJECT = ['model', 'field', 'schemaName', 'table', 'column', 'object', 'missingIn'] as const

/** A baseline of all current findings, sorted so that a diff shows only changes. It does not contain hints. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const known = new Map(
    findings
      .filter(({ severity, code }) => severity !== 'hint' && !NEVER_KNOWN.includes(code))
      .map((finding) => [keyOf(knownOf(finding)), knownOf(finding)]),
  )
  return { findings: [...known].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, finding]) => finding) }
}

/** Errors in the files themselves cannot be accepted, and what was not compared is always said. */
const NEVER_KNOWN: readonly string[] = [
  'schema-syntax',
  'schema-invalid',
  'policy-invalid',
  'policy-model',
  'prisma-8',
  'database-not-compared',
]

export interface Compared<Found> {
  readonly fresh: readonly Found[]
  readonly known: number
  /** Findings of the baseline that no longer exist. */
  readonly gone: readonly KnownFinding[]
}

/** Splits findings by the baseline: new ones, the number of known ones, and the fixed ones. */
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

/** Null if the text is not a baseline of this version. */
export function parseBaseline(text: string): Baseline | null {
  try {
    const { formatVersion, findings } = JSON.parse(text) as { formatVersion?: unknown; findings?: unknown }
    if (formatVersion !== FORMAT || !Array.isArray(findings)) return null
    return findings.every(isKnownFinding) ? { findings } : null
  } catch {
    return null
  }
}

/** The format for Git: one line per finding. */
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
