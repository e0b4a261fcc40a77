import type { CoverageAnswer, CoverageCellAnswer, CoverageWords } from '../../../protocol/src/index'
import { htmlPage } from '../html-page'
import { escaped } from '../html-text'
import type { Translate } from '../translate'
import { BARE_SCRIPT, PAGE_SCRIPT } from './page-script'
import { PAGE_STYLE } from './page-style'

/**
 * The page of Show Coverage: one table, created once; none if nothing is required. Rows are laid out as a grid, so that
 * invisible ones cost nothing; ARIA roles mark them as rows.
 */
export function renderCoveragePage(
  answer: CoverageAnswer,
  {
    t,
    language,
    nonce,
    schemaUri,
  }: { readonly t: Translate; readonly language: string; readonly nonce: string; readonly schemaUri: string },
): string {
  const { title, summary, notes, fields, canCreatePolicy } = answer
  const hasTable = fields.length > 0
  const create = `<button type="button" data-action="createPolicy">${escaped(t('Create Audit Policy'))}</button>`
  const body = `
<h1>${escaped(title)}</h1>
<p>${escaped(summary)}.</p>
${notes.map((note) => `<p>${escaped(note)}</p>`).join('\n')}
<div data-project="${escaped(schemaUri)}">
${canCreatePolicy ? `<div class="tools">${create}</div>` : ''}
${hasTable ? renderTable(t, answer) : ''}
</div>
`
  const style = `${PAGE_STYLE}
.row { grid-template-columns: minmax(11em, 1.2fr) repeat(${fields.length}, minmax(12em, 1fr)); }`
  return htmlPage({ title, language, style, body, script: { nonce, source: hasTable ? PAGE_SCRIPT : BARE_SCRIPT } })
}

/**
 * With the summary and the tools, which are only for a table with columns. By its id, a control has the focus again when
 * the page is created anew.
 */
function renderTable(t: Translate, { title, counts, words, fields, models }: CoverageAnswer): string {
  const shownCounts = counts.filter(({ state, count }) => count > 0 && state !== 'not required')
  return `
<ul class="bar" aria-label="${escaped(t('Summary'))}">${shownCounts
    .map(
      ({ state, symbol, count, label }) =>
        `<li data-state="${state}" style="flex-grow: ${count}">${symbol} ${escaped(label)}</li>`,
    )
    .join('')}</ul>
<div class="tools">
<label>${escaped(t('Model'))} <input id="name" type="search" placeholder="${escaped(t('Filter by name'))}"></label>
<label>${escaped(t('State'))} <select id="state"><option value="">${escaped(t('All'))}</option><option value="open">${escaped(t('Incomplete'))}</option>${counts
    .map(({ state, symbol }) => `<option value="${state}">${symbol} ${escaped(words[state])}</option>`)
    .join('')}</select></label>
<button type="button" id="refresh" data-action="refresh">${escaped(t('Refresh'))}</button>
<button type="button" id="markdown" data-action="markdown">${escaped(t('Export Markdown'))}</button>
<button type="button" id="svg" data-action="svg">${escaped(t('Export SVG'))}</button>
<span id="shown" role="status" data-one="${escaped(t('{0} of 1 model'))}" data-many="${escaped(t('{0} of {1} models'))}"></span>
</div>
<table role="table" aria-label="${escaped(title)}">
<thead role="rowgroup"><tr class="row" role="row">${[t('Model'), ...fields]
    .map(
      (name, column) =>
        `<th scope="col" role="columnheader" aria-sort="none"><button type="button" id="sort-${column}" data-sort="${column}">${escaped(name)} <span aria-hidden="true"></span></button></th>`,
    )
    .join('')}</tr></thead>
<tbody role="rowgroup">
${models.map((model, row) => renderRow(words, model, row)).join('\n')}
</tbody>
</table>
`
}

function renderRow(words: CoverageWords, { name, cells }: CoverageAnswer['models'][number], row: number): string {
  return `<tr class="row" role="row" data-row="${row}"><th scope="row" role="rowheader"><button type="button" data-cell="-1">${escaped(name)}</button></th>${cells
    .map((cell, column) => renderCell(words, cell, column))
    .join('')}</tr>`
}

/**
 * Symbols are visible, and the words next to them are read aloud; the word for a part's state would only repeat its
 * symbol.
 */
function renderCell(words: CoverageWords, { state, symbol, parts, detail }: CoverageCellAnswer, column: number): string {
  const spoken = parts.map((part) => `${words[part.name]} ${words[part.state]}`).join(', ')
  const lines = [
    `<b>${symbol} ${escaped(words[state])}</b>`,
    ...(parts.length === 0
      ? []
      : [
          `<span aria-hidden="true">${parts.map((part) => `<i data-state="${part.state}">${part.symbol}\u00a0${escaped(words[part.name])}</i>`).join(' ')}</span>`,
          `<span class="spoken">${escaped(spoken)}</span>`,
        ]),
    ...(detail === '' ? [] : [`<span class="detail" title="${escaped(detail)}">${escaped(detail)}</span>`]),
  ]
  return `<td role="cell" data-state="${state}"><button type="button" data-cell="${column}">${lines.join('')}</button></td>`
}
