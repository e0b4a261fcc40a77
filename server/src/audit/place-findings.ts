import { rangeInFile } from '../schema/model'
import type { Finding } from './finding'
import type { LocalFinding } from './rules/local-finding'

/** Findings of a block as findings of its file. */
export function placeFindings(findings: readonly LocalFinding[], file: string, startLine: number): readonly Finding[] {
  if (findings.length === 0) return NOTHING
  return findings.map((finding) => ({ ...finding, file, range: rangeInFile({ startLine }, finding.range) }))
}

/** One list for all, so that a block without findings looks the same wherever it moves. */
const NOTHING: readonly Finding[] = []
