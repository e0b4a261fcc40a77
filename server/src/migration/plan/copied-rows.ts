import type { DatabaseModel } from '../../database/model'
import { nextToken } from '../../text/sql-tokens'
import type { Step, Warning } from '../model'
import { tableName } from './sql'
import { titleOfName, titleOfTable } from './titles'
import { phrase } from '../../text/phrase'

/**
 * Triggers that copy whole rows of a table that gets more columns, detected in their functions' texts. Whether they
 * fail only the server can tell: the run tests them before its first step (`run/foreseen-writes`), if their code may be
 * run.
 */
export function copiedRowsWarnings(steps: readonly Step[], { tables, triggerFunctions }: DatabaseModel): Warning[] {
  const widened = new Set(steps.filter(({ kind }) => kind === 'add-column').map(tableName))
  return tables
    .filter(({ schema, name }) => widened.has(tableName({ schema, table: name })))
    .flatMap(({ schema, name, triggers }) =>
      triggers.flatMap((trigger): Warning[] => {
        const code = triggerFunctions.find(
          (one) => one.schema === trigger.functionSchema && one.name === trigger.functionName,
        )
        const target = code === undefined || trigger.state === 'D' ? null : copiesRowsInto(code.source)
        if (target === null) return []
        const table = titleOfTable({ schema, table: name })
        const text = phrase`The trigger ${titleOfName(trigger.name)} on ${table} copies whole rows into ${target === MADE_UP ? phrase`another table` : target}, and fails once they have more columns than that table. Add the columns there first, or name the columns in its function ${titleOfName(trigger.functionName)}().`
        return [{ code: 'rows-copied', object: `${table}: ${titleOfName(trigger.name)}`, text }]
      }),
    )
}

/** The table as the text spells it, or `MADE_UP`; null if no row is copied. */
export function copiesRowsInto(source: string): string | null {
  const text = withoutComments(source)
  for (const [, target = '', rest = ''] of text.matchAll(INSERT)) {
    if (WHOLE_ROW.test(rest))
      return target === '%I' || target === '%s' ? MADE_UP : outsideNames(target, /\s*\.\s*/, '.')
  }
  return null
}

/** For a table whose name the function computes at run time. */
export const MADE_UP = 'another table'

function withoutComments(source: string): string {
  const parts: string[] = []
  for (let token = nextToken(source, 0); token !== null; token = nextToken(source, token.end)) {
    // In strings too: `WHOLE_ROW` looks back over spaces from each of them.
    if (token.kind !== 'comment') parts.push(outsideNames(token.text, /\s+/, ' '))
  }
  return parts.join(' ')
}

/**
 * Replaces what is not part of a quoted name, also in a string that is SQL. Longer text in quotes is no name:
 * PostgreSQL cuts it.
 */
function outsideNames(text: string, pattern: RegExp, replacement: string): string {
  return text.replace(new RegExp(String.raw`"[^"]{0,200}"|${pattern.source}`, 'g'), (found) =>
    found.startsWith('"') ? found : replacement,
  )
}

const NAME = String.raw`(?:"(?:[^"]|"")[^"]*(?:""[^"]*)*"|[\p{L}_][\p{L}\p{N}_$]*)`

const INSERT = new RegExp(String.raw`\bINSERT\s+INTO\s+(%[Is]|${NAME}(?:\s*\.\s*${NAME})?)([^;]*)`, 'giu')

/** `NEW.*`, `(OLD).*`, `($1).*`; not as the argument of a function that accepts any row, and not in a comparison. */
const WHOLE_ROW =
  /(?<!\b(?:hstore|row_to_json|to_jsonb?|jsonb?_build_array)\s*\(\s*|\bfrom\s+)(?:\(\s*(?:new|old|\$\d+)\s*\)|\b(?:new|old)|\$\d+)\s*\.\s*\*(?!\s*(?:is\b|<>|=))/i
