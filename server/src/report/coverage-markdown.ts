import type { Coverage, CoverageCell } from '../editor/coverage'
import { codeSpan, gitHubLine, markdownDocument, type MarkdownText } from '../text/markdown-text'
import { inEnglish, type Translate } from '../text/translate'
import { CELL_SYMBOLS, cellWords, summaryOf } from './coverage-words'

/** The coverage as a table for a pull request. Models without requirements are only counted. */
export function coverageMarkdown(title: string, coverage: Coverage, t: Translate = inEnglish): MarkdownText {
  const { fields, models } = coverage
  const shown = models.filter(({ cells }) => cells.some(({ state }) => state !== 'not required'))
  const others = models.length - shown.length
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    row([t('Model'), ...fields.map(inCell)]),
    row(['---', ...fields.map(() => '---')]),
    ...shown.map(({ name, cells }) => row([inCell(name), ...cells.map((cell) => cellText(t, cell))])),
  ].join('\n')
  return markdownDocument([
    `## ${gitHubLine(title)}`,
    `${summaryOf(t, coverage)}.`,
    ...(shown.length === 0 ? [] : [table]),
    ...(others === 0 ? [] : [t('Models without required audit fields: {0}.', others)]),
  ])
}

function cellText(t: Translate, cell: CoverageCell): string {
  const reason = cell.why === null ? '' : `: ${gitHubLine(cell.why)}`
  return `${CELL_SYMBOLS[cell.state]} ${cellWords(t, cell)}${reason}`
}

/** A vertical bar ends a cell even in a code span. */
function inCell(name: string): string {
  return name.includes('|') ? gitHubLine(name) : codeSpan(name)
}
