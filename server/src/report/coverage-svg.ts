import type { CoverageState } from '../../../protocol/src/coverage-states'
import type { Coverage, CoverageCell } from '../editor/coverage'
import { xmlDocument, xmlText, type DataText } from '../text/data-text'
import { lineOf } from '../text/safe-text'
import { inEnglish, type Translate } from '../text/translate'
import { CELL_SYMBOLS, cellWords, stateWord, summaryOf } from './coverage-words'

/** The coverage as a self-contained picture: no script, style sheet or external font. */
export function coverageSvg(title: string, coverage: Coverage, t: Translate = inEnglish): DataText {
  const { fields, models } = coverage
  const shown = models.filter(({ cells }) => cells.some(({ state }) => state !== 'not required'))
  const width = MARGIN * 2 + MODEL_WIDTH + Math.max(1, fields.length) * CELL_WIDTH
  const top = MARGIN + 78
  const height = top + shown.length * ROW_HEIGHT + MARGIN
  const left = (column: number) => MARGIN + MODEL_WIDTH + column * CELL_WIDTH
  const heading = fields.map((field, column) => textAt(left(column) + 8, top - 10, field, 'font-weight="600"'))
  const rows = shown.flatMap(({ name, cells }, row) => {
    const y = top + row * ROW_HEIGHT
    return [
      textAt(MARGIN, y + 18, name),
      ...cells.flatMap((cell, column) => [
        `<rect x="${left(column)}" y="${y + 2}" width="${CELL_WIDTH - 4}" height="${ROW_HEIGHT - 4}" rx="3" fill="${FILLS[cell.state]}"/>`,
        textAt(left(column) + 8, y + 18, labelOf(t, cell)),
      ]),
    ]
  })
  return xmlDocument(
    [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="12" fill="#1f2328">`,
      `<title>${xmlText(lineOf(title))}</title>`,
      `<desc>${xmlText(summaryOf(t, coverage))}</desc>`,
      `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
      textAt(MARGIN, MARGIN + 14, title, 'font-size="16" font-weight="600"', 80),
      textAt(MARGIN, MARGIN + 36, summaryOf(t, coverage), '', 120),
      textAt(MARGIN, top - 10, t('Model'), 'font-weight="600"'),
      ...heading,
      ...rows,
      '</svg>',
      '',
    ].join('\n'),
  )
}

function labelOf(t: Translate, cell: CoverageCell): string {
  const words = cell.state === 'partial' ? cellWords(t, cell) : stateWord(t, cell.state)
  return `${CELL_SYMBOLS[cell.state]} ${words}`
}

function textAt(x: number, y: number, shown: string, attributes = '', most = 32): string {
  const own = attributes === '' ? '' : ` ${attributes}`
  return `<text x="${x}" y="${y}"${own}>${xmlText(lineOf(shown, most))}</text>`
}

const MARGIN = 20
const MODEL_WIDTH = 240
const CELL_WIDTH = 220
const ROW_HEIGHT = 28

/** Light enough for black text. */
const FILLS: Readonly<Record<CoverageState, string>> = {
  complete: '#d4f4dd',
  partial: '#fff1c2',
  missing: '#ffdcd7',
  unknown: '#e6e9ed',
  ignored: '#eee4fb',
  'not required': '#f6f8fa',
}
