import type { Table } from '../database/model'
import { auditedField, type AuditedField } from './audited-fields'
import type { ComparisonContext } from './comparison-context'
import type { ExpectedModel, ExpectedTable } from '../expected/model'
import { withoutIgnored } from './without-ignored'
import type { Former } from './matching/likely-renames'
import { pairTable } from './matching/table-pair'
import { checkUnmapped } from './rules/check-unmapped'
import { columnDefault } from './rules/column-default'
import { columnMissing } from './rules/column-missing'
import { columnNullability } from './rules/column-nullability'
import { columnType } from './rules/column-type'
import { columnUnmapped } from './rules/column-unmapped'
import { constraintNotValidated } from './rules/constraint-not-validated'
import { foreignKeyDefinition } from './rules/foreign-key-definition'
import { foreignKeyMissing } from './rules/foreign-key-missing'
import { foreignKeyUnmapped } from './rules/foreign-key-unmapped'
import { indexDefinition } from './rules/index-definition'
import { indexInvalid } from './rules/index-invalid'
import { indexMissing } from './rules/index-missing'
import { indexName } from './rules/index-name'
import { indexUnmapped } from './rules/index-unmapped'
import type { LocalFinding } from './rules/local-finding'
import { missingAuditField } from './rules/missing-audit-field'
import { primaryKey } from './rules/primary-key'
import { tableMissing } from './rules/table-missing'
import type { TableContext, TableRule } from './rules/table-rule'
import { triggerDisabled } from './rules/trigger-disabled'
import { triggerMissing } from './rules/trigger-missing'
import { triggerUnmapped, viewTriggers } from './rules/trigger-unmapped'
import { uniqueMissing } from './rules/unique-missing'
import { updatedAtClock } from './rules/updated-at-clock'

/**
 * The findings of one model and the join tables of its relations; `former` is the likely former name of a missing
 * table.
 */
export function compareModel(
  model: ExpectedModel,
  context: ComparisonContext,
  former: Former | null | undefined,
): readonly LocalFinding[] {
  const { required, ignored } = auditedOf(model, context)
  const findings = auditFindings(model, required, context)
  addDriftFindings(findings, model, { audited: required, ignored, former }, context)
  return withoutIgnored(findings, model.block)
}

/** In the order in which they are reported. */
const TABLE_RULES: readonly TableRule[] = [
  columnMissing,
  columnType,
  columnNullability,
  columnDefault,
  primaryKey,
  uniqueMissing,
  indexMissing,
  indexDefinition,
  indexName,
  foreignKeyMissing,
  foreignKeyDefinition,
  triggerMissing,
  triggerDisabled,
  updatedAtClock,
  indexInvalid,
  constraintNotValidated,
  columnUnmapped,
  indexUnmapped,
  foreignKeyUnmapped,
  checkUnmapped,
  triggerUnmapped,
]

function auditFindings(
  { table }: ExpectedModel,
  audited: readonly AuditedField[],
  { surroundings, index, fallbackPolicy }: ComparisonContext,
): LocalFinding[] {
  const schemaName = table.schema ?? index?.database.defaultSchema ?? null
  const place = { table, schemaName, hasConnection: index !== null }
  const { userKeyType, users } = surroundings
  return audited.flatMap((field) => missingAuditField(field, place, { policy: fallbackPolicy, userKeyType, users }))
}

function auditedOf(
  { block, table }: ExpectedModel,
  { surroundings, index, requirementsOf }: ComparisonContext,
): { readonly required: readonly AuditedField[]; readonly ignored: readonly AuditedField[] } {
  const { policy } = surroundings
  if (policy === null) return { required: [], ignored: [] }
  const actual = index?.findTable(table.schema, table.name) ?? null
  const { required, ignored } = requirementsOf(block)
  return {
    required: required.map((field) => auditedField(field, table, actual, policy, surroundings)),
    ignored: ignored.map(({ field }) => auditedField(field, table, actual, policy, surroundings)),
  }
}

function addDriftFindings(
  findings: LocalFinding[],
  { table, joinTables }: ExpectedModel,
  { former, ...fields }: Pick<TableContext, 'audited' | 'ignored'> & { readonly former: Former | null | undefined },
  { index, scope }: ComparisonContext,
): void {
  if (index === null) return
  const { usesForeignKeys } = scope.configuration
  addTableFindings(findings, table, { index, ...fields, usesForeignKeys }, former)
  for (const joinTable of joinTables)
    addTableFindings(findings, joinTable, { index, audited: [], ignored: [], usesForeignKeys }, null)
}

/** Prisma Client works with them, and Prisma's engine does not check them. */
const STANDS_FOR_A_TABLE: ReadonlySet<Table['kind']> = new Set(['view', 'materialized view', 'foreign table'])

function addTableFindings(
  findings: LocalFinding[],
  expected: ExpectedTable,
  context: TableContext,
  former: Former | null | undefined,
): void {
  const { index } = context
  const schemaName = index.schemaNameOf(expected.schema)
  if (index.isExternalTable(schemaName, expected.name)) return
  const actual = index.findTable(expected.schema, expected.name)
  if (actual === undefined || STANDS_FOR_A_TABLE.has(actual.kind)) {
    findings.push(tableMissing(expected, schemaName, actual, index, former))
    if (actual !== undefined) findings.push(...viewTriggers(actual, { model: expected.model, range: expected.range }))
    return
  }
  const pair = pairTable(expected, actual, index.database)
  for (const rule of TABLE_RULES) for (const finding of rule(pair, context)) findings.push(finding)
}
