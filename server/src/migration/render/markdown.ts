/** Names are shown as they are, whatever Markdown would make of them. */
export function escape(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, '\\$&')
}

export function sql(statements: readonly string[]): string {
  return fenced(statements.map((statement) => `${statement};`).join('\n'))
}

/** SQL in a fence that is longer than any run of backticks in it, which may stand in a name. */
export function fenced(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}sql\n${text}\n${fence}`
}

/** A heading with a bulleted list; nothing where there are no items, which are Markdown already. */
export function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`]
}
