import { nextToken } from '../../text/sql-tokens'

/** The columns of `COPY public."User" (id, "name") FROM stdin`, unquoted; none if it has no list. */
export function copiedColumns(statement: string): string[] {
  const start = statement.indexOf('COPY ')
  const columns: string[] = []
  let isInList = false
  for (let token = nextToken(statement, start); token !== null; token = nextToken(statement, token.end)) {
    const { kind, text } = token
    if (text === '(') isInList = true
    else if (text === ')') break
    else if (isInList && kind === 'name') columns.push(text.slice(1, -1).replaceAll('""', '"'))
    else if (isInList && kind === 'word') columns.push(text)
  }
  return columns
}
