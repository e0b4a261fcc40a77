import { markdownDocument, markdownLine, sqlFence, type MarkdownText } from '../text/markdown-text'
import type { CheckResult, VerificationReport } from '../verification/model'
import { outcomesOf, OUTCOME_WORDS, runnable } from './verification'

/**
 * The verification as a document: failed checks first, then the checks by model, with each model's queries collapsed
 * below its table.
 */
export function renderVerificationDocument(report: VerificationReport): MarkdownText {
  const numbered = report.results.map((result, index) => ({ result, number: index + 1 }))
  const failed = numbered.filter(({ result }) => result.outcome === 'fail')
  return markdownDocument([
    `# Verification of ${markdownLine(report.database)}`,
    `${outcomesOf(report)}.`,
    ...(failed.length === 0 ? [] : ['## Failed', table(failed)]),
    ...groupByModel(numbered).flatMap(([model, results]) => [
      `## ${model === null ? 'Other objects' : markdownLine(model)}: ${countsOf(results)}`,
      table(results),
      `<details><summary>SQL to run again in psql</summary>`,
      ...results.map(
        ({ result, number }) => `${number}. ${markdownLine(result.check.title)}\n\n${sqlFence(runnable(result))}`,
      ),
      '</details>',
    ]),
  ])
}

interface Numbered {
  readonly result: CheckResult
  readonly number: number
}

/** In the order in which the models first appear; checks without a model come last. */
function groupByModel(numbered: readonly Numbered[]): [string | null, Numbered[]][] {
  const groups = new Map<string | null, Numbered[]>()
  for (const each of numbered) {
    const model = each.result.check.subject?.model ?? null
    const group = groups.get(model)
    if (group === undefined) groups.set(model, [each])
    else group.push(each)
  }
  return [...groups].sort(([left], [right]) => Number(left === null) - Number(right === null))
}

/** `12 passed, 1 failed`, without zero counts. */
function countsOf(results: readonly Numbered[]): string {
  const words = { pass: 'passed', fail: 'failed', skipped: 'skipped' } as const
  return (['pass', 'fail', 'skipped'] as const)
    .map((outcome) => ({ outcome, count: results.filter(({ result }) => result.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${count} ${words[outcome]}`)
    .join(', ')
}

function table(rows: readonly Numbered[]): string {
  const lines = rows.map(({ result, number }) => {
    const { check, found, outcome } = result
    const cells = [OUTCOME_WORDS[outcome], String(number), ...[check.title, check.expected, found].map(markdownLine)]
    return `| ${cells.join(' | ')} |`
  })
  return ['| result | # | check | expected | found |', '|---|---|---|---|---|', ...lines].join('\n')
}
