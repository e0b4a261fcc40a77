import { markdownDocument, markdownLine, sqlFence, type MarkdownText } from '../text/markdown-text'
import type { CheckResult, VerificationReport } from '../verification/model'
import { outcomesOf, OUTCOME_WORDS, runnable } from './verification'

/** The verification as a document: what failed first, then all checks, then their queries, folded. */
export function renderVerificationDocument(report: VerificationReport): MarkdownText {
  const numbered = report.results.map((result, index) => ({ result, number: index + 1 }))
  const failed = numbered.filter(({ result }) => result.outcome === 'fail')
  return markdownDocument([
    `# Verification of ${markdownLine(report.database)}`,
    `${outcomesOf(report)}.`,
    ...(failed.length === 0 ? [] : ['## Failed', table(failed)]),
    ...(numbered.length === 0 ? [] : ['## Checks', table(numbered)]),
    '<details><summary>The queries, to run again in psql</summary>',
    ...numbered.map(
      ({ result, number }) => `${number}. ${markdownLine(result.check.title)}\n\n${sqlFence(runnable(result))}`,
    ),
    '</details>',
  ])
}

function table(rows: readonly { readonly result: CheckResult; readonly number: number }[]): string {
  const lines = rows.map(({ result, number }) => {
    const { check, found, outcome } = result
    const cells = [OUTCOME_WORDS[outcome], String(number), ...[check.title, check.expected, found].map(markdownLine)]
    return `| ${cells.join(' | ')} |`
  })
  return ['| result | # | check | expected | found |', '|---|---|---|---|---|', ...lines].join('\n')
}
