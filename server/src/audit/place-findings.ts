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

/** Field by field, because copying with a spread takes several times as long. */
function placed(finding: LocalFinding, file: string, startLine: number): Finding {
  const { code, severity, message, phrase, model, field, schemaName, table, column, object, expected, actual } = finding
  const range = rangeInFile({ startLine }, finding.range)
  const { missingIn, likelyFormer } = finding
  if (likelyFormer !== undefined) return { ...finding, range, file }
  const place: { -readonly [Key in keyof Finding]: Finding[Key] } = {
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
  if (missingIn !== undefined) place.missingIn = missingIn
  return place
}
