/** Sorts, filters and reports clicks, by positions in the data. It writes no HTML. */
export const PAGE_SCRIPT = `
const vscode = acquireVsCodeApi()
const body = document.querySelector('tbody')
const rows = [...body.rows]
const names = rows.map((row) => row.cells[0].textContent.toLowerCase())
const states = rows.map((row) => [...row.cells].slice(1).map((cell) => cell.dataset.state))
const ranks = ['missing', 'partial', 'unknown', 'complete', 'ignored', 'not required']
const name = document.getElementById('name')
const state = document.getElementById('state')
const shownModels = document.getElementById('shown')
const grouped = (count) => count.toLocaleString(document.documentElement.lang)
let sort = { column: -1, isDown: false }

function filter() {
  const words = name.value.trim().toLowerCase()
  const isWanted = (each) => state.value === 'open' ? ['missing', 'partial', 'unknown'].includes(each) : each === state.value
  let shown = 0
  rows.forEach((row, at) => {
    row.hidden = !names[at].includes(words) || (state.value !== '' && !states[at].some(isWanted))
    if (!row.hidden) shown++
  })
  const { one, many } = shownModels.dataset
  shownModels.textContent = (rows.length === 1 ? one : many)
    .replace('{0}', grouped(shown)).replace('{1}', grouped(rows.length))
  keep()
}

function arrange() {
  const { column, isDown } = sort
  const keyOf = (at) => ranks.indexOf(states[at][column - 1])
  const order = rows.map((row, at) => at)
  if (column === 0) order.sort((a, b) => names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0)
  if (column > 0) order.sort((a, b) => keyOf(a) - keyOf(b))
  if (isDown) order.reverse()
  body.append(...order.map((at) => rows[at]))
  document.querySelectorAll('thead th').forEach((header, at) => {
    header.setAttribute('aria-sort', at !== column ? 'none' : isDown ? 'descending' : 'ascending')
    header.querySelector('span').textContent = at !== column ? '' : isDown ? '▼' : '▲'
  })
  keep()
}

let focused = null

// With the project, VS Code's extension restores the tab after a reload.
const { project } = document.querySelector('[data-project]').dataset

function keep() {
  vscode.setState({ project, name: name.value, state: state.value, sort, scrolled: scrollY, focused })
}

document.addEventListener('click', ({ target }) => {
  const { action, cell, sort: column } = target.closest('button')?.dataset ?? {}
  if (action !== undefined) vscode.postMessage({ action })
  if (cell !== undefined) vscode.postMessage({ action: 'open', row: Number(target.closest('tr').dataset.row), cell: Number(cell) })
  if (column !== undefined) {
    sort = { column: Number(column), isDown: sort.column === Number(column) && !sort.isDown }
    arrange()
  }
})
name.addEventListener('input', filter)
state.addEventListener('change', filter)

document.addEventListener('focusin', ({ target }) => {
  const { cell } = target.dataset
  focused = cell === undefined ? target.id || null : [target.closest('tr').dataset.row, cell]
  keep()
})
// Only a page that has the focus takes it again when it is recreated.
addEventListener('blur', () => {
  focused = null
  keep()
})
addEventListener('scrollend', keep)

const kept = vscode.getState()
// A page without a table keeps only its project.
if (kept?.sort) {
  name.value = kept.name
  state.value = kept.state
  sort = kept.sort.column < document.querySelectorAll('thead th').length ? kept.sort : sort
}
const { scrolled = 0, focused: before = null } = kept ?? {}
if (sort.column >= 0) arrange()
filter()
scrollTo(0, scrolled)
if (typeof before === 'string') document.getElementById(before)?.focus()
else if (before) document.querySelector('tr[data-row="' + before[0] + '"] [data-cell="' + before[1] + '"]')?.focus()
`

/** For a page without a table. */
export const BARE_SCRIPT = `
const vscode = acquireVsCodeApi()
vscode.setState({ project: document.querySelector('[data-project]').dataset.project })
document.addEventListener('click', ({ target }) => {
  const { action } = target.closest('button')?.dataset ?? {}
  if (action !== undefined) vscode.postMessage({ action })
})
`
