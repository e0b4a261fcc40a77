import { escaped } from './html-text'

export interface HtmlPage {
  readonly title: string
  /** `de` */
  readonly language: string
  readonly style: string
  /** HTML; all foreign text in it is escaped. */
  readonly body: string
  /** Omitted for a page without a script. */
  readonly script?: { readonly nonce: string; readonly source: string }
}

/** The complete page of a webview. Nothing is loaded, and only the script with the nonce runs. */
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
<body><main>${body}</main>${script === undefined ? '' : `<script nonce="${script.nonce}">${script.source}</script>`}</body>
</html>`
}
