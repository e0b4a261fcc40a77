import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { PreviewParameters } from '../../../protocol/src/index'
import { htmlPage } from '../html-page'
import { escaped } from '../html-text'
import { pageParts, PARTS_SCRIPT, withoutLanguages, withoutLinks } from './page-parts'

/** A page, and the parts that its script requests. */
export interface PreviewPage {
  readonly html: string
  readonly parts: readonly string[]
}

/**
 * The page of a preview: its actions, then its Markdown as rendered by VS Code itself. It runs no script unless it is
 * long: then its collapsed parts are loaded one by one.
 */
export async function renderPreviewPage({
  title,
  subject,
  text,
  json,
  again,
}: PreviewParameters): Promise<PreviewPage> {
  const links = [
    ...(again === undefined
      ? []
      : [link(vscode.l10n.t('Verify Again'), `prismaAudit.${again.command}`, { schemaUri: again.schemaUri })]),
    ...(json === undefined ? [] : [link(vscode.l10n.t('Open as JSON'), OPEN_AS_JSON, subject)]),
  ]
  const bar = links.length === 0 ? '' : `<nav aria-label="${escaped(vscode.l10n.t('Actions'))}">${links.join('')}</nav>`
  const { body, parts } = pageParts(withMarkedCells(await renderMarkdown(text)))
  const script = parts.length === 0 ? {} : { script: { nonce: randomUUID(), source: PARTS_SCRIPT } }
  const page = { title, language: vscode.env.language, style: STYLE, body: `${bar}${body}` }
  return { html: htmlPage({ ...page, ...script }), parts }
}

/**
 * The word states the outcome; the color, one that themes choose for text, makes failures easy to find. A number is
 * never broken, so that its column stays as narrow as it is.
 */
function withMarkedCells(html: string): string {
  return html.replace(/<td>(PASS|FAIL|\d+)<\/td>/g, (_, content: string) => {
    const name = /\d/.test(content) ? 'number' : content.toLowerCase()
    return `<td class="${name}">${content}</td>`
  })
}

/** The command of a link in the page; its argument is the preview's subject. */
export const OPEN_AS_JSON = 'prismaAudit.openPreviewAsJson'

/**
 * `parameter` is passed to the command. Without a title, VS Code adds the whole address as one, which is then shown and
 * read aloud.
 */
function link(label: string, command: string, parameter?: unknown): string {
  const query = parameter === undefined ? '' : `?${encodeURIComponent(JSON.stringify([parameter]))}`
  return `<a href="${escaped(`command:${command}${query}`)}" title="${escaped(label)}">${escaped(label)}</a>`
}

/** The content of a tab that VS Code restores after a reload: the old plan may no longer apply. */
export function renderOutdatedPage(title: string): string {
  const body = `<h1>${escaped(title)}</h1>
<p>${escaped(vscode.l10n.t('This page was created before the window was reloaded. The schema and the database may have changed since.'))}</p>
<p>${link(vscode.l10n.t('Preview Migration'), 'prismaAudit.preview')}</p>
<p>${link(vscode.l10n.t('Verify Migration'), 'prismaAudit.verify')}</p>`
  return htmlPage({ title, language: vscode.env.language, style: STYLE, body })
}

/** As source if VS Code's own Markdown support is disabled. */
async function renderMarkdown(markdown: string): Promise<string> {
  try {
    const source = markdown.length > MOST_COLOURED ? withoutLanguages(markdown) : markdown
    return withoutLinks(await vscode.commands.executeCommand<string>('markdown.api.render', source))
  } catch {
    return `<pre>${escaped(markdown)}</pre>`
  }
}

/** Characters. Highlighting thousands of statements takes longer than all else, and would block the window. */
const MOST_COLOURED = 100_000

/** A collapsed section is laid out when it is opened, an invisible one when it is scrolled to. */
const STYLE = `
body { font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); line-height: 1.5; padding: 0 1.5em 3em; max-width: 75em; }
h1 { font-size: 1.5em; font-weight: 600; } h2 { font-size: 1.2em; font-weight: 600; margin-top: 1.8em; border-bottom: 1px solid var(--vscode-panel-border); }
nav { display: flex; gap: 1.2em; padding-top: .8em; } a:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
h3 { font-size: 1em; font-weight: 600; margin-top: 1.6em; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top; padding: .2em .9em .2em 0; overflow-wrap: anywhere; } th { font-weight: 600; }
td { border-top: 1px solid var(--vscode-panel-border); } td:first-child { color: var(--vscode-descriptionForeground); }
th, td.number, td.pass, td.fail { white-space: nowrap; } td.pass, td.fail { font-weight: 600; }
td.pass { color: var(--vscode-gitDecoration-addedResourceForeground, var(--vscode-foreground)); }
td.fail { color: var(--vscode-list-errorForeground, var(--vscode-foreground)); }
pre { background: var(--vscode-textCodeBlock-background); padding: .6em .8em; overflow-x: auto; }
code { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
section { content-visibility: auto; contain-intrinsic-size: auto 30em; }
details { margin: .6em 0; } summary { cursor: pointer; color: var(--vscode-textLink-foreground); }
summary:focus-visible { outline: 1px solid var(--vscode-focusBorder); }
details > *:not(summary) { margin-left: 1em; content-visibility: auto; contain-intrinsic-size: auto 20em; }
.hljs-keyword, .hljs-built_in, .hljs-type { color: var(--vscode-symbolIcon-keywordForeground); }
.hljs-string { color: var(--vscode-debugTokenExpression-string); } .hljs-comment { color: var(--vscode-descriptionForeground); }
.hljs-number, .hljs-literal { color: var(--vscode-debugTokenExpression-number); }
`
