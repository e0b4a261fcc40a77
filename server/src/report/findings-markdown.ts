import { SEVERITIES } from '../audit/finding'
import type { Coverage } from '../editor/coverage'
import { boundedList } from '../text/bounded-list'
import { codeSpan, gitHubLine, markdownDocument, type MarkdownText } from '../text/markdown-text'
import { LIMITS, lineOf } from '../text/safe-text'
import { coverageMarkdown } from './coverage-markdown'
import type { CheckReport } from './findings-json'
import { baselineLines, summaryLine } from './findings-text'

/**
 * `check --format markdown`: for a job summary and a pull request comment. At most `most` findings, the most severe
 * first.
 */
export function renderFindingsMarkdown(report: CheckReport, coverage: Coverage | null, most = 100): MarkdownText {
  const listed = report.findings.filter(({ severity }) => severity !== 'hint')
  const worst = SEVERITIES.flatMap((severity) => listed.filter((finding) => finding.severity === severity))
  const rows = worst.map(
    ({ severity, code, file, range, message }) =>
      `| ${severity} | ${codeSpan(code)} | ${gitHubLine(`${file}:${range.start.line + 1}`)} | ${gitHubLine(lineOf(message, LIMITS.finding))} |`,
  )
  const table = ['| | Code | Place | |', '| --- | --- | --- | --- |', ...rows.slice(0, most)].join('\n')
  const more = boundedList(rows, most, 'findings').slice(most)
  return markdownDocument([
    '## Prisma Audit',
    [summaryLine(report), ...baselineLines(report)].map(gitHubLine).join(' '),
    ...(rows.length === 0 ? [] : [table]),
    ...more,
    ...(coverage === null || coverage.fields.length === 0
      ? []
      : [coverageMarkdown('Audit coverage', coverage).trimEnd()]),
  ])
}
