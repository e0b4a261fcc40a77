import { escaped } from './html-text'

export interface HtmlPage {
  readonly title: string
  /** `de` */
  readonly language: string
  readonly style: string
  /** HTML; whatever stands in it from outside is escaped. */
  readonly body: string
  /** Left out for a page that runs nothing. */
  readonly script?: { readonly nonce: string; readonly source: string }
}

/** A webview's whole page. Nothing is loaded from anywhere, and no script runs but the one with the nonce. */
export function htmlPage({ title, language, style, body, script }: HtmlPage): string {
  const scripts = script === undefined ? '' : `; script-src 'nonce-${script.nonce}'`
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'${scripts}">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>${body}${script === undefined ? '' : `<script nonce="${script.nonce}">${script.source}</script>`}</body>
</html>`
}
