import { rangeInFile } from '../schema/model'
import type { Finding } from './finding'
import type { LocalFinding } from './rules/local-finding'

/** Findings of a block as findings of its file. */
export function placeFindings(findings: readonly LocalFinding[], file: string, startLine: number): readonly Finding[] {
  if (findings.length === 0) return NOTHING
  return findings.map((finding) => placed(finding, file, startLine))
}

/** One shared list, so that a block without findings looks the same wherever it moves. */
const NOTHING: readonly Finding[] = []

/** Part by part, because a copy of the whole by a spread takes many times as long. */
function placed(finding: LocalFinding, file: string, startLine: number): Finding {
  const { code, severity, message, phrase, model, field, schemaName, table, column, object, expected, actual } = finding
  const { missingIn, likelyFormer } = finding
  const range = rangeInFile({ startLine }, finding.range)
  const found: Finding = {
    model,
    field,
    schemaName,
    table,
    column,
    object,
    expected,
    actual,
    range,
    code,
    severity,
    message,
    phrase,
    file,
  }
  if (missingIn !== undefined) Object.assign(found, { missingIn })
  if (likelyFormer !== undefined) Object.assign(found, { likelyFormer })
  return found
}
