import type { Finding, FindingCode } from '../audit/finding'
import type { Range } from '../schema/model'
import type { Translate } from '../text/translate'
import { findingMessage } from './finding-message'

/** What the column actually has, next to a field that differs. */
export interface TypeHint {
  /** The hint follows this position. */
  readonly range: Range
  readonly label: string
  readonly tooltip: string
}

/** One hint per field for all differences: type, NULL, default. */
export function typeHints(t: Translate, findings: readonly Finding[]): TypeHint[] {
  const byField = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (!SHOWN.has(finding.code) || finding.field === null || finding.actual === null) continue
    const key = `${finding.model ?? ''}.${finding.field}`
    byField.set(key, [...(byField.get(key) ?? []), finding])
  }
  return [...byField.values()].flatMap((ofField) => {
    const [first] = ofField
    if (first === undefined) return []
    const label = ofField.map(({ actual }) => actual).join(' ')
    return [{ range: first.range, label, tooltip: ofField.map((finding) => findingMessage(t, finding)).join('\n') }]
  })
}

const SHOWN: ReadonlySet<FindingCode> = new Set(['column-type', 'column-nullability', 'column-default'])
