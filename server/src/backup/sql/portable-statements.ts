import { splitStatements } from './split-statements'

/**
 * The statements of a plain dump that the server accepts: without settings that older servers do not have, psql
 * commands, and column options that only the server of the dump has.
 */
export function* portableStatements(dump: string, serverMajor: number): Generator<string> {
  const end = endOfHead(dump)
  // Not joined again: that would copy the whole dump.
  for (const part of [withoutForeignLines(dump.slice(0, end)), dump.slice(end)]) {
    for (const statement of splitStatements(part)) {
      const portable = withoutForeignColumnOptions(statement)
      if (portable !== null) yield serverMajor < 16 ? withoutRunAsOwner(portable) : portable
    }
  }
}

/**
 * A plain dump that servers older than its pg_dump accept: without settings that they do not have, psql commands, and
 * the comments with versions, which differ between servers. Changes only the lines before the first object, because
 * anything later may be data.
 */
export function withoutForeignSettings(dump: string): string {
  const end = endOfHead(dump)
  return withoutForeignLines(dump.slice(0, end)) + dump.slice(end)
}

/** Where the comment of the first object begins; at the end, if there is none. */
function endOfHead(dump: string): number {
  const found = /(?:^|\n)(?:--\n)?-- (?:Data for )?Name: /.exec(dump)
  if (found === null) return dump.length
  return found.index + (found[0].startsWith('\n') ? 1 : 0)
}

function withoutForeignLines(head: string): string {
  return head
    .split('\n')
    .filter((line) => !FOREIGN.test(line))
    .join('\n')
}

const FOREIGN = /^(?:SET transaction_timeout |\\(?:un)?restrict |-- Dumped (?:from|by) )/

/** Null if the statement sets nothing else. Debian's 15.20 has an option `pg_attver` on every column. */
function withoutForeignColumnOptions(statement: string): string | null {
  const match = SETS_COLUMN_OPTIONS.exec(statement)
  if (match === null) return statement
  const [, before = '', options = ''] = match
  const known = options.split(', ').filter((option) => /^n_distinct(?:_inherited)?=/.test(option))
  return known.length === 0 ? null : `${before}${known.join(', ')})`
}

/**
 * Newer pg_dumps write the option for subscriptions of older servers too, which have no other way and do not know it.
 */
function withoutRunAsOwner(statement: string): string {
  return CREATES_SUBSCRIPTION.test(statement) ? statement.replace(/, run_as_owner = true(?=[^']*\)$)/, '') : statement
}

const CREATES_SUBSCRIPTION = /^\s*(?:--[^\n]*\n\s*)*CREATE SUBSCRIPTION /

/**
 * Quoted or not. A quote after the closing one belongs to the name, or there would be countless ways to read `""""`.
 */
const NAME = String.raw`(?:[^\s"]|"[^"]*(?:""[^"]*)*"(?!"))+`

/** As pg_dump writes it, after comments. */
const SETS_COLUMN_OPTIONS = new RegExp(
  String.raw`^(\s*(?:--[^\n]*\n\s*)*ALTER (?:FOREIGN |MATERIALIZED )?(?:TABLE|VIEW) (?:ONLY )?${NAME} ALTER COLUMN ${NAME} SET \()([^()'"]*)\)$`,
)
