import { sqlFence } from '../../text/markdown-text'

export function sql(statements: readonly string[]): string {
  return sqlFence(statements.map((statement) => `${statement};`).join('\n'))
}

/** A heading with a bulleted list; nothing without items. Items are already Markdown. */
export function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`]
}
