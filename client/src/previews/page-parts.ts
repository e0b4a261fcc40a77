/** A page whose collapsed parts are loaded later. */
export interface PageParts {
  /** The initial HTML: everything except collapsed parts. */
  readonly body: string
  /** By the number in `data-part` of the `<details>` that contains it. */
  readonly parts: readonly string[]
}

/**
 * Removes collapsed parts from a long page, so that the window lays it out piece by piece, and makes a section of each
 * model, which costs nothing while it is invisible. A short page is unchanged.
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

/**
 * Our documents have no links: what VS Code's Markdown makes one of is a value of the database that looks like an
 * address.
 */
export function withoutLinks(html: string): string {
  return html.replace(/<\/?a(?=[\s>])[^>]*>/g, '')
}

/** The Markdown without the languages of its code blocks, so that they are not highlighted. */
export function withoutLanguages(markdown: string): string {
  let fence: string | null = null
  return markdown
    .split('\n')
    .map((line) => {
      const [marks = null] = /^`{3,}/.exec(line) ?? []
      if (marks === null) return line
      if (fence === null) {
        fence = marks
        return marks
      }
      if (marks.length >= fence.length && line.trimEnd() === marks) fence = null
      return line
    })
    .join('\n')
}

/** Characters of HTML. Chromium takes about 20 ms to parse and lay out this much. */
const LONG_PAGE = 150_000

/** As in our documents: collapsed sections are not nested. */
const FOLDED = /(<details)>\s*(<summary>[^]*?<\/summary>)([^]*?)<\/details>/g

/**
 * Requests the collapsed parts one after the other when the window is idle, so that Find soon covers all of them; a
 * part that the user opens is requested immediately.
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
