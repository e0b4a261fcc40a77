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

/**
 * The table of `COPY public."User" (id) FROM stdin`, quoted. Null for anything except rows: a backup is untrusted data,
 * and `COPY … FROM PROGRAM` would run a program on the server.
 */
export function copiedTable(statement: string): string | null {
  return COPY_OF_ROWS.exec(statement)?.[1] ?? null
}

const NAME = '(?:[a-z_][a-z0-9_]*|"(?:[^"]|"")[^"]*(?:""[^"]*)*")'
/** pg_dump writes two spaces where there are no columns. */
const COPY_OF_ROWS = new RegExp(`^COPY (${NAME}\\.${NAME})(?: \\(${NAME}(?:, ${NAME})*\\)| )? FROM stdin$`)
