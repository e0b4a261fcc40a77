/** A page whose folded parts come by themselves. */
export interface PageParts {
  /** What is there at once: everything but what is folded. */
  readonly body: string
  /** By the number that stands as `data-part` on the `<details>` that it belongs into. */
  readonly parts: readonly string[]
}

/**
 * Takes what is folded out of a long page, so that the window lays it out piece by piece, and makes a section of each model,
 * of which those out of sight cost nothing. A short page stays whole.
 */
export function pageParts(html: string): PageParts {
  if (html.length <= LONG_PAGE) return { body: html, parts: [] }
  const parts: string[] = []
  const body = html.replace(FOLDED, (_, opening: string, summary: string, content: string) => {
    parts.push(content)
    return `${opening} data-part="${parts.length - 1}">${summary}</details>`
  })
  const sections = body.split(/(?=<h2[ >])/).map((section) => `<section>${section}</section>`)
  return { body: sections.join('\n'), parts }
}

/** Characters of HTML. Chromium takes about 20 ms to parse and lay out this much. */
const LONG_PAGE = 150_000

/** As our documents write it: folded sections hold no others. */
const FOLDED = /(<details)>\s*(<summary>[^]*?<\/summary>)([^]*?)<\/details>/g

/**
 * Asks for the folded parts one after the other, whenever the window has nothing else to do, so that Find finds all of them
 * soon; one that is opened comes at once.
 */
export const PARTS_SCRIPT = `
const vscode = acquireVsCodeApi()
const waiting = new Set(document.querySelectorAll('details[data-part]'))

function ask(details) {
  if (details && waiting.delete(details)) vscode.postMessage({ part: Number(details.dataset.part) })
}
function askNext() {
  const [next] = waiting
  if (next) requestIdleCallback(() => ask(next))
}
addEventListener('message', ({ data }) => {
  document.querySelector('details[data-part="' + data.part + '"]').insertAdjacentHTML('beforeend', data.html)
  askNext()
})
document.addEventListener('toggle', ({ target }) => ask(target), true)
askNext()
`
