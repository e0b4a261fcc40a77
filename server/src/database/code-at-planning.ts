import { AuditError } from '../errors'
import { firstOf } from '../text/bounded-list'
import { callsOf } from './calls-on-constants'
import type { DatabaseClient } from './connect'
import codeAtPlanningQuery from './queries/code-at-planning.sql'
import { withTrustedRoles } from './trusted-roles'
import { phrase } from '../text/phrase'
import { phraseOfFault } from '../text/fault-texts'

/**
 * Rejects if any query of the tables (quoted names), even one that only counts rows, would run code of a role with
 * fewer privileges than ours: while PostgreSQL plans a query, it evaluates the calls on constants in indexes,
 * statistics, CHECK constraints and partition keys, as the role that asks. Only the catalog is queried. Call before the
 * first query of their rows.
 */
export async function requireNoCodeAtPlanning(client: DatabaseClient, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return
  const { rows } = await client.query<CodeRow>(withTrustedRoles(codeAtPlanningQuery), [tables])
  const found = rows.flatMap(({ object, expressions, functions }) => {
    const { all, onConstants } = callsOf(expressions)
    const runs = functions.find(({ oid, callsOthers }) => onConstants.has(oid) || (callsOthers && all.has(oid)))
    return runs === undefined ? [] : [`${object} calls ${runs.name}() of the role ${runs.role}`]
  })
  if (found.length > 0) throw queryRunsCode(found)
}

interface CodeRow {
  /** `the index found of public."Lead"`. */
  readonly object: string
  /** `pg_node_tree`s, one after another. */
  readonly expressions: string
  /** Those of roles with fewer privileges that it calls. */
  readonly functions: readonly LesserFunction[]
}

interface LesserFunction {
  readonly oid: string
  /** Quoted and qualified. */
  readonly name: string
  readonly role: string
  /** Its body, in SQL, may call another of them. */
  readonly callsOthers: boolean
}

function queryRunsCode(found: readonly string[]): AuditError {
  const [first = '', ...others] = found
  return new AuditError('query-runs-code', {
    // A notification shows only this line.
    what: phrase`Any query of the table would run code with your privileges: ${phraseOfFault(first)}. Nothing was changed.`,
    why: [
      phrase`PostgreSQL evaluates such a call while it plans a query, even a count, and the role has fewer privileges than you.`,
      ...(others.length === 0 ? [] : [phrase`The same: ${firstOf(others.map(phraseOfFault), '; ')}.`]),
    ],
    nextStep: phrase`Drop these objects, or connect as the owner of the tables.`,
  })
}
