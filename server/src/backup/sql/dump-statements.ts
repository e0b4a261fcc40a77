import { phrase, type Phrase } from '../../text/phrase'
import { nextToken } from '../../text/sql-tokens'
import { archiveUnreadable } from '../errors'
import { callsWithConstants, insertsConstants } from './constant-statements'

/**
 * Rejects a statement that no dump of a database contains: it was added, and may do anything on the server.
 *
 * @throws AuditError `backup-unreadable`
 */
export function requireDumpStatement(file: string, statement: string, part: DumpPart = 'any'): void {
  // A server would end the connection.
  if (statement.includes('\0')) throw archiveUnreadable(file, phrase`Its SQL contains a zero byte.`)
  const foreign = foreignStatement(statement, part)
  if (foreign !== null) throw archiveUnreadable(file, phrase`It contains ${foreign}, which pg_dump does not write.`)
}

/** `rows`: with nothing but rows, sequences and large objects, as pg_restore writes it with `--data-only`. */
export type DumpPart = 'any' | 'rows'

/** Null if pg_dump writes statements like this. */
function foreignStatement(statement: string, part: DumpPart): string | Phrase | null {
  const [first, second, third] = firstWords(statement)
  if (first === undefined) return null
  if (first.startsWith('\\')) return phrase`a psql command`
  const isPlainBlock = BLOCKS.has(first) && second === undefined
  if (!WRITTEN.has(first) && !isPlainBlock) return phrase`a ${first} statement`
  const isForServer = OF_SERVER.has(second ?? '') || (second === 'USER' && third !== 'MAPPING')
  if (CHANGES.has(first) && isForServer) return `${first} ${second ?? ''}`
  // On request (`--use-set-session-authorization`).
  const isOfSession = second === 'SESSION' && third === 'AUTHORIZATION'
  const isOfLargeObject = first === 'ALTER' && second === 'LARGE' && third === 'OBJECT'
  if (part === 'rows' && CHANGES.has(first) && !isOfLargeObject) return phrase`${first} ${second ?? ''} among its rows`
  if (first === 'SET' && !isOfSession && !SETTINGS.has(second ?? '')) return `SET ${second ?? ''}`
  if (first === 'SELECT' && !callsWithConstants(statement)) return phrase`a SELECT of its own`
  if (first === 'INSERT' && !insertsConstants(statement)) return phrase`an INSERT of computed values`
  return RIGHTS.has(first) && !/\sON\s/i.test(statement) ? phrase`a ${first} of a role` : null
}

const WRITTEN: ReadonlySet<string> = new Set([
  ...['SET', 'SELECT', 'CREATE', 'ALTER', 'DROP', 'INSERT', 'COMMENT', 'GRANT', 'REVOKE', 'REFRESH', 'SECURITY'],
])
/** Those that pg_dump sets since version 9; others could switch off triggers, or lead to other files. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...['STATEMENT_TIMEOUT', 'LOCK_TIMEOUT', 'IDLE_IN_TRANSACTION_SESSION_TIMEOUT', 'TRANSACTION_TIMEOUT'],
  ...['CLIENT_ENCODING', 'STANDARD_CONFORMING_STRINGS', 'ESCAPE_STRING_WARNING', 'CHECK_FUNCTION_BODIES', 'XMLOPTION'],
  ...['CLIENT_MIN_MESSAGES', 'ROW_SECURITY', 'SEARCH_PATH', 'DEFAULT_TABLESPACE', 'DEFAULT_TABLE_ACCESS_METHOD'],
  'DEFAULT_WITH_OIDS',
])
/** Around large objects. */
const BLOCKS: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT'])
const CHANGES: ReadonlySet<string> = new Set(['CREATE', 'ALTER', 'DROP'])
const RIGHTS: ReadonlySet<string> = new Set(['GRANT', 'REVOKE'])
const OF_SERVER: ReadonlySet<string> = new Set(['ROLE', 'GROUP', 'DATABASE', 'TABLESPACE', 'SYSTEM'])

/** In capitals, after comments. */
export function firstWords(statement: string): string[] {
  const words: string[] = []
  for (let token = nextToken(statement, 0); token !== null; token = nextToken(statement, token.end)) {
    if (token.kind === 'comment') continue
    words.push(token.text.toUpperCase())
    if (words.length === 3) break
  }
  return words
}
