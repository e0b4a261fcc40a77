import type { Severity } from '../audit/finding'
import { jsonDocument, type DataText } from '../text/data-text'
import { lineOf } from '../text/safe-text'
import { slashed, type SarifFinding } from './findings-sarif'
import { fingerprintOf } from './fingerprint'

const LEVELS: Record<Severity, string> = { error: 'critical', warning: 'major', information: 'minor', hint: 'info' }

/** GitLab's code quality report (https://docs.gitlab.com/ci/testing/code_quality). Its lines are one-based. */
export function renderGitlab(findings: readonly SarifFinding[]): DataText {
  const seen = new Map<string, number>()
  return jsonDocument(
    findings.map((finding) => ({
      description: lineOf(finding.message),
      check_name: finding.code,
      severity: LEVELS[finding.severity],
      fingerprint: fingerprintOf(finding, seen),
      location: { path: slashed(finding.file), lines: { begin: finding.range.start.line + 1 } },
    })),
  )
}
