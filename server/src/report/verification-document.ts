import { inEnglish, type Translate } from '../text/translate'
import { markdownDocument, markdownLine, sqlFence, type MarkdownText } from '../text/markdown-text'
import type { CheckResult, VerificationReport } from '../verification/model'
import { outcomesOf, OUTCOME_WORDS, runnable } from './verification'

/**
 * The verification as a document: failed checks first, then the checks by model, with each model's queries collapsed
 * below its table.
 */
export function renderVerificationDocument(report: VerificationReport, t: Translate = inEnglish): MarkdownText {
  const numbered = report.results.map((result, index) => ({ result, number: index + 1 }))
  const failed = numbered.filter(({ result }) => result.outcome === 'fail')
  return markdownDocument([
    `# ${t('Verification of {0}', markdownLine(report.database))}`,
    `${outcomesOf(report, t)}.`,
    ...(failed.length === 0 ? [] : [`## ${t('Failed')}`, table(failed, t)]),
    ...groupByModel(numbered).flatMap(([model, results]) => [
      `## ${model === null ? t('Other objects') : markdownLine(model)}: ${countsOf(results, t)}`,
      table(results, t),
      `<details><summary>${t('SQL to run again in psql')}</summary>`,
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
function countsOf(results: readonly Numbered[], t: Translate): string {
  const count = (outcome: CheckResult['outcome']) => results.filter(({ result }) => result.outcome === outcome).length
  const [passed, failed, skipped] = [count('pass'), count('fail'), count('skipped')]
  return [
    ...(passed === 0 ? [] : [t('{0} passed', passed)]),
    ...(failed === 0 ? [] : [t('{0} failed', failed)]),
    ...(skipped === 0 ? [] : [t('{0} skipped', skipped)]),
  ].join(', ')
}

function table(rows: readonly Numbered[], t: Translate): string {
  const lines = rows.map(({ result, number }) => {
    const { check, found, outcome } = result
    const values = [check.expected, found].map(markdownLine)
    return `| ${[OUTCOME_WORDS[outcome], String(number), markdownLine(check.title), ...values].join(' | ')} |`
  })
  const head = `| ${t('result')} | # | ${t('checked')} | ${t('expected')} | ${t('found')} |`
  return [head, '|---|---|---|---|---|', ...lines].join('\n')
}
