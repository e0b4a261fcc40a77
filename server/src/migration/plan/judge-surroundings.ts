import { eventTriggerWarnings } from './event-triggers'
import type { Surroundings, TableSurroundings } from '../../database/model-surroundings'
import { quoteIdentifier } from '../../database/quote'
import type { Plan, Refusal, Step, Warning } from '../model'
import { STEP_KINDS } from '../step-kinds'
import { costRemarks } from './cost'
import { tableName } from './sql'
import { titleOfColumn, titleOfName, titleOfQuoted, titleOfTable } from './titles'

/** Refusals, warnings and remarks of a plan because of the objects around its tables. */
export function judgeSurroundings(
  plan: Plan,
  { tables, sizes, replication, eventTriggers }: Surroundings,
): Pick<Plan, 'refusals' | 'warnings'> & {
  readonly remarks: readonly string[]
  readonly tableBytes: Plan['tableBytes']
} {
  const changed = new Map<string, Step[]>()
  for (const step of plan.steps) changed.set(tableName(step), [...(changed.get(tableName(step)) ?? []), step])
  const others = new Map(tables.map((table) => [table.table, table]))
  const judged = tables.map((table) => judge(table, changed.get(table.table) ?? [], plan, others))
  return {
    refusals: judged.flatMap(({ refusals }) => refusals),
    warnings: [...eventTriggerWarnings(plan, eventTriggers), ...judged.flatMap(({ warnings }) => warnings)],
    remarks: costRemarks(plan, sizes, replication),
    tableBytes: Object.fromEntries([...sizes].map(([name, { rows }]) => [name, rows])),
  }
}

/** Quoted names of the tables that the plan changes or references. */
export function tablesOfPlan({ steps }: Pick<Plan, 'steps'>): string[] {
  const of = (step: Step) => (step.kind === 'record-history' ? [] : [tableName(step), ...step.lock.tables])
  return [...new Set(steps.flatMap(of))]
}

function judge(
  around: TableSurroundings,
  steps: readonly Step[],
  plan: Plan,
  others: ReadonlyMap<string, TableSurroundings>,
): { readonly refusals: readonly Refusal[]; readonly warnings: readonly Warning[] } {
  const { table } = around
  const label = titleOfQuoted(table)
  const model = plan.additions.find((addition) => tableName(addition) === table)?.model ?? label
  const refuse = (object: string, reason: string): Refusal => ({
    ...{ code: 'table-unfit', model, object },
    ...{ reason, blocking: true },
  })
  const refusals: Refusal[] = []
  const warnings: Warning[] = []
  if (around.isDistributed) {
    refusals.push(
      refuse(
        'Citus',
        `${label} is distributed by Citus. Distributed tables are not supported: triggers, foreign keys and batches work ` +
          'differently there. Remove the model from the policy, or add the audit fields yourself.',
      ),
    )
  }
  const writesRows = steps.some(({ kind }) => STEP_KINDS[kind].writesRows === true)
  if (writesRows && around.updateRules.length > 0) {
    refusals.push(
      refuse(
        'rules',
        `${label} has the ${named('rule', around.updateRules)} on UPDATE. PostgreSQL runs the rule instead of the UPDATEs ` +
          `that fill and verify the new columns. Drop the rule (DROP RULE … ON ${table}), replace it with a trigger, or remove the model from the policy.`,
      ),
    )
  }
  if (writesRows && around.lacksIdentity) {
    refusals.push(
      refuse(
        'replica identity',
        `${label} is published (${around.publications.join(', ')}) and has no replica identity, so PostgreSQL rejects every UPDATE. ` +
          `Add a primary key, or run ALTER TABLE ${table} REPLICA IDENTITY FULL.`,
      ),
    )
  }
  const [rowsHeld] = around.columnsOfRows
  if (rowsHeld !== undefined && steps.some(addsDefault)) {
    refusals.push(
      refuse(
        'row type',
        `${titleOfColumn(rowsHeld)} uses the row type of ${label}, so PostgreSQL adds no column with a default to ${label}. ` +
          'Set "populate" of the audit field in the policy to an SQL expression: its column is then added first and gets its default ' +
          'afterwards. Or remove the model from the policy.',
      ),
    )
  }
  for (const { foreignKey } of steps) {
    if (foreignKey === undefined) continue
    const referenced = others.get(tableName(foreignKey.referenced))
    refusals.push(
      ...collationsApart(foreignKey, label, around.collations, referenced?.collations ?? {}).map((reason) =>
        refuse('collation', reason),
      ),
    )
    if (referenced?.isUnlogged !== true || around.isUnlogged) continue
    const users = titleOfTable(foreignKey.referenced)
    refusals.push(
      refuse(
        'unlogged',
        `${users} is an unlogged table, which ${label} cannot reference: it is empty after a crash of the server. Run ` +
          `ALTER TABLE ${referenced.table} SET LOGGED, or set "relation": false in the policy.`,
      ),
    )
  }
  if (steps.length > 0 && around.insertRules.length > 0) {
    const text =
      `${label} has the ${named('rule', around.insertRules)} on INSERT. A rule knows only the columns that existed when it was created, so ` +
      'rows that it writes elsewhere lack the audit fields. Recreate the rule after the migration.'
    warnings.push({ code: 'insert-rule', object: `${label}: ${around.insertRules.join(', ')}`, text })
  }
  if (steps.length > 0 && !writesRows && around.updateRules.length > 0) {
    const text =
      `${label} has the ${named('rule', around.updateRules)} on UPDATE. A rule knows only the columns that existed when it was created, so ` +
      'rows that it writes lack the audit fields. Recreate the rule after the migration.'
    warnings.push({ code: 'update-rule', object: `${label}: ${around.updateRules.join(', ')}`, text })
  }
  const columns = steps.filter(({ kind }) => kind === 'add-column')
  const publications = around.publications.filter((name) => !around.publicationsOfColumns.includes(name))
  if (columns.length > 0 && publications.length > 0) {
    const added = columns.map(({ object }) => titleOfName(object ?? '')).join(' and ')
    const text =
      `${label} is published in ${named('publication', publications)}. Replication to a subscriber whose table lacks ${added} stops at ` +
      'the first change. Add the columns on every subscriber first.'
    warnings.push({ code: 'published', object: `${label}: ${publications.join(', ')}`, text })
  }
  return { refusals, warnings: [...warnings, ...columnPrivilegeWarnings(around, label, columns)] }
}

/** Does the step add a column with its default in one statement? */
function addsDefault({ kind, up }: Step): boolean {
  return kind === 'add-column' && up.some((statement) => / ADD COLUMN .* DEFAULT /s.test(statement))
}

/** A role with privileges on single columns has none on a new one; Prisma Client reads all fields of a model. */
function columnPrivilegeWarnings(
  { table, columnPrivileges }: TableSurroundings,
  label: string,
  added: readonly Step[],
): Warning[] {
  const columns = added.map(({ object }) => object ?? '')
  if (columns.length === 0) return []
  return Object.entries(columnPrivileges).map(([role, privileges]) => {
    const isPublic = role === 'public'
    const granted = privileges
      .map((privilege) => `${privilege} (${columns.map(quoteIdentifier).join(', ')})`)
      .join(', ')
    const text =
      `${isPublic ? 'PUBLIC' : `The role ${titleOfName(role)}`} has ${privileges.join(', ')} on single columns of ${label}, and none on ` +
      `${columns.map(titleOfName).join(', ')}, which Prisma Client will read. If the application uses that role, run after the migration: ` +
      `GRANT ${granted} ON ${table} TO ${isPublic ? 'PUBLIC' : quoteIdentifier(role)}.`
    return { code: 'column-privileges', object: `${table} ${role}`, text }
  })
}

/**
 * Why the columns of a foreign key cannot reference theirs: only one of the collations is nondeterministic, or the two
 * differ.
 */
function collationsApart(
  { columns, referenced }: NonNullable<Step['foreignKey']>,
  label: string,
  own: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): string[] {
  return columns.flatMap((column, index) => {
    const key = referenced.columns[index] ?? ''
    const collation = others[key] ?? own[column]
    if (collation === undefined || others[key] === own[column]) return []
    const columnLabel = `${label}.${titleOfName(column)}`
    const holder = others[key] === undefined ? columnLabel : `${titleOfTable(referenced)}.${titleOfName(key)}`
    return [
      `${holder} has the nondeterministic collation ${collation}. From version 18 on, PostgreSQL allows no foreign key between ` +
        `${columnLabel} and ${titleOfTable(referenced)}.${titleOfName(key)} unless both have that collation. ` +
        `Add the column yourself with COLLATE ${collation}, or set "relation": false in the policy.`,
    ]
  })
}

/** `rules "a" and "b"`. */
function named(what: string, names: readonly string[]): string {
  return `${what}${names.length === 1 ? '' : 's'} ${names.map(titleOfName).join(' and ')}`
}
