import { quoteIdentifier } from '../../database/quote'
import { knownColumnOfCatalog, type KnownColumn } from '../column-types'
import { catalogTable, type LintContext, type LintRule } from '../context'
import type { TableName } from '../script'
import { nodesNamed, shown, strings, tableName } from '../syntax'
import type { Node } from 'libpg-query'
import { phrase } from '../../text/phrase'

export const triggerComparesWholeRow: LintRule = {
  code: 'trigger-compares-whole-row',
  check(context) {
    const { node } = context.statement
    if (node === null || !('CreateTrigStmt' in node)) return []
    const { relation, whenClause, timing } = node.CreateTrigStmt
    if (whenClause === undefined || !comparesRows(whenClause)) return []
    const table = tableName(relation)
    const columns = knownColumns(context, table)
    if (columns === null) {
      return [
        {
          severity: 'hint',
          message: phrase`The trigger compares whole rows: if ${shown(table)} has a json column, an UPDATE fails; if it has a generated column, the trigger cannot be created.`,
          advice: ADVICE,
        },
      ]
    }
    const generated = [...columns].find(([, column]) => column.isGenerated)
    // TRIGGER_TYPE_BEFORE of pg_trigger.h. An AFTER trigger sees generated columns.
    if (generated !== undefined && timing === 2) {
      return [
        {
          severity: 'error',
          message: phrase`${shown(table)} has the generated column ${quoteIdentifier(generated[0])}, so PostgreSQL rejects a BEFORE trigger that compares whole rows.`,
          advice: ADVICE,
        },
      ]
    }
    const incomparable = [...columns].find(([, { type }]) => INCOMPARABLE.has(type.name))
    if (incomparable === undefined) return []
    const [name, { type }] = incomparable
    return [
      {
        severity: 'error',
        message: phrase`${quoteIdentifier(name)} of ${shown(table)} is ${type.name}, which has no equality operator: an UPDATE of a row with a value there fails, unless a column before it changed.`,
        advice: ADVICE,
      },
    ]
  },
}

const ADVICE = phrase`Omit WHEN, or compare only the columns that matter.`

/** Types without an equality operator: rows with them cannot be compared. */
const INCOMPARABLE: ReadonlySet<string> = new Set([
  'json',
  'xml',
  'point',
  'line',
  'lseg',
  'box',
  'path',
  'polygon',
  'circle',
])

/** `OLD.* IS DISTINCT FROM NEW.*`, `OLD IS DISTINCT FROM NEW`, `OLD.* <> NEW.*`. `OLD *<> NEW` compares bytes. */
function comparesRows(when: Node): boolean {
  return [...nodesNamed(when, 'A_Expr')].some(
    ({ kind, name, lexpr, rexpr }) =>
      isRow(lexpr) && isRow(rexpr) && !(kind === 'AEXPR_OP' && strings(name)[0]?.startsWith('*') === true),
  )
}

function isRow(node: Node | undefined): boolean {
  if (node === undefined || !('ColumnRef' in node)) return false
  const [first, second] = node.ColumnRef.fields ?? []
  const isOldOrNew = first !== undefined && 'String' in first && /^(old|new)$/.test(first.String.sval ?? '')
  return isOldOrNew && (second === undefined || 'A_Star' in second)
}

/** All columns of the table; null if neither script nor catalog knows all of them. */
function knownColumns(context: LintContext, table: TableName): ReadonlyMap<string, KnownColumn> | null {
  const written = context.state.columns.get(context.state.key(table)) ?? new Map<string, KnownColumn>()
  const inCatalog = catalogTable(context, table)
  if (inCatalog === null && !context.state.isNew(table)) return null
  const before = (inCatalog?.columns ?? []).map((column) => [column.name, knownColumnOfCatalog(column)] as const)
  return new Map([...before, ...written])
}
