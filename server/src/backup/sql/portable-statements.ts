import { splitStatements } from './split-statements'

/**
 * The statements of a plain dump that the server accepts: without settings that older servers do not have, psql
 * commands, and column options that only the server of the dump has.
 */
export function* portableStatements(dump: string, serverMajor: number): Generator<string> {
  for (const statement of splitStatements(withoutForeignSettings(dump))) {
    const portable = withoutForeignColumnOptions(statement)
    if (portable !== null) yield serverMajor < 16 ? withoutRunAsOwner(portable) : portable
  }
}

/**
 * A plain dump that servers older than its pg_dump accept: without settings that they do not have, psql commands, and
 * the comments with versions, which differ between servers. Changes only the lines before the first object, because
 * anything later may be data.
 */
export function withoutForeignSettings(dump: string): string {
  const lines = dump.split('\n')
  const firstObject = lines.findIndex((line) => line.startsWith('-- Name: ') || line.startsWith('-- Data for Name: '))
  const end = firstObject === -1 ? lines.length : firstObject
  const kept = lines.slice(0, end).filter((line) => !FOREIGN.test(line))
  return [...kept, ...lines.slice(end)].join('\n')
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
