import { quoteIdentifier } from '../database/quote'
import type { LintContext } from './context'
import type { LintEdit, LintFix } from './model'
import type { TableName } from './script'
import { shown } from './syntax'
import { phrase, type Phrase } from '../text/phrase'

/** Adds CONCURRENTLY after a word; null if the statement runs in a transaction, where it would fail. */
export function concurrentlyFix(context: LintContext, word: string, title: Phrase): LintFix | null {
  const token = context.statement.tokens.find(({ text }) => text.toUpperCase() === word)
  if (token === undefined || context.transaction !== null) return null
  return { title, edits: [insertion(token.end, ' CONCURRENTLY')] }
}

export function insertion(at: number, newText: string): LintEdit {
  return { start: at, end: at, newText }
}

/**
 * Adds a constraint as NOT VALID. If statements run separately, it is validated right after; in a transaction that
 * would not help, so a comment describes the next migration.
 */
export function notValidFix(
  context: LintContext,
  { table, name, end }: { readonly table: TableName; readonly name: string | undefined; readonly end: number },
): LintFix {
  const notValid = ' NOT VALID'
  if (name === undefined) return { title: phrase`Add NOT VALID`, edits: [insertion(end, notValid)] }
  const { statement, transaction, options } = context
  const validate = `ALTER TABLE ${shown(table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)};`
  const runsAlone = transaction === null && options.runner === 'psql'
  const follows = newlineOf(context) + (runsAlone ? validate : `-- In the next migration: ${validate}`)
  return {
    title: runsAlone
      ? phrase`Add NOT VALID and validate afterwards`
      : phrase`Add NOT VALID; validate in the next migration`,
    // Without a semicolon, both are at the same position.
    edits:
      statement.behind === end
        ? [insertion(end, `${notValid};${follows}`)]
        : [insertion(end, notValid), insertion(statement.behind, follows)],
  }
}

/** Replaces this statement with others. */
export function replacement(context: LintContext, title: Phrase, statements: readonly string[]): LintFix {
  const { start, end } = context.statement
  return { title, edits: [{ start, end, newText: statements.join(`;${newlineOf(context)}`) }] }
}

function newlineOf({ script }: LintContext): string {
  return script.text.includes('\r\n') ? '\r\n' : '\n'
}
