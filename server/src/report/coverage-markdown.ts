import type { Coverage, CoverageCell } from '../editor/coverage'
import { codeSpan, gitHubLine, markdownDocument, type MarkdownText } from '../text/markdown-text'
import { inEnglish } from '../text/translate'
import { CELL_SYMBOLS, lacksOf, summaryOf } from './coverage-words'

/** The coverage as a table for a pull request. Models without requirements are only counted. */
export function coverageMarkdown(title: string, coverage: Coverage): MarkdownText {
  const { fields, models } = coverage
  const shown = models.filter(({ cells }) => cells.some(({ state }) => state !== 'not required'))
  const others = models.length - shown.length
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [
    row(['Model', ...fields.map(inCell)]),
    row(['---', ...fields.map(() => '---')]),
    ...shown.map(({ name, cells }) => row([inCell(name), ...cells.map(cellText)])),
  ].join('\n')
  return markdownDocument([
    `## ${gitHubLine(title)}`,
    `${summaryOf(inEnglish, coverage)}.`,
    ...(shown.length === 0 ? [] : [table]),
    ...(others === 0 ? [] : [`Models without required audit fields: ${others}.`]),
  ])
}

function cellText(cell: CoverageCell): string {
  const lacks = lacksOf(cell)
  const reason = cell.why === null ? '' : `: ${gitHubLine(cell.why)}`
  return `${CELL_SYMBOLS[cell.state]} ${cell.state}${lacks === '' ? '' : `: ${lacks}`}${reason}`
}

/** A vertical bar ends a cell even in a code span. */
function inCell(name: string): string {
  return name.includes('|') ? gitHubLine(name) : codeSpan(name)
}
