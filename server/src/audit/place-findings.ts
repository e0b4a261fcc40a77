import { rangeInFile } from '../schema/model'
import type { ComparisonCache } from './comparison-cache'
import type { Finding } from './finding'
import type { LocalFinding } from './rules/local-finding'

/** Findings of a block as findings of its file. While the block stays on its line they stay the same objects. */
export function placeFindings(
  findings: readonly LocalFinding[],
  file: string,
  startLine: number,
  cache: ComparisonCache,
): readonly Finding[] {
  const kept = cache.placed.get(findings)
  if (kept?.file === file && kept.startLine === startLine) return kept.findings
  const placed = findings.map((finding) => ({ ...finding, file, range: rangeInFile({ startLine }, finding.range) }))
  cache.placed.set(findings, { file, startLine, findings: placed })
  return placed
}
