import type { Table } from '../database/model'
import { findAttribute } from '../schema/lookup'
import { auditedField, schemaColumnOf, type AuditedField } from './audited-fields'
import type { ComparisonContext } from './comparison-context'
import type { ExpectedModel, ExpectedTable } from '../expected/model'
import { ignoredNames, withoutIgnored } from './ignored-codes'
import { pairTable } from './matching/table-pair'
import type { AuditField, Policy } from '../audit-fields/policy'
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
import { missingOwnerId } from './rules/missing-owner-id'
import { missingUpdatedAt } from './rules/missing-updated-at'
import { missingUpdatedBy } from './rules/missing-updated-by'
import { primaryKey } from './rules/primary-key'
import { tableMissing } from './rules/table-missing'
import type { TableContext, TableRule } from './rules/table-rule'
import { triggerDisabled } from './rules/trigger-disabled'
import { triggerMissing } from './rules/trigger-missing'
import { triggerUnmapped, viewTriggers } from './rules/trigger-unmapped'
import { uniqueMissing } from './rules/unique-missing'
import { updatedAtClock } from './rules/updated-at-clock'

/** The findings of one model and the join tables of its relations. */
export function compareModel(model: ExpectedModel, context: ComparisonContext): readonly LocalFinding[] {
  const audited = auditedOf(model, context)
  const findings = auditFindings(model, audited, context)
  addDriftFindings(findings, model, audited, context)
  return withoutIgnored(findings, model.block)
}

/** In the order in which they are told. */
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
  model: ExpectedModel,
  audited: readonly AuditedField[],
  context: ComparisonContext,
): LocalFinding[] {
  const { table } = model
  const schemaName = table.schema ?? context.index?.database.defaultSchema ?? null
  if (context.surroundings.policy === null) return []
  const place = { table, schemaName, hasConnection: context.index !== null }
  return audited.flatMap((field) => {
    switch (field.auditField) {
      case 'updatedAt':
        return missingUpdatedAt(field, place)
      case 'updatedBy':
        return missingUpdatedBy(field, place, keyTypeFor('updatedBy', context))
      case 'ownerId':
        return missingOwnerId(
          field,
          place,
          keyTypeFor('ownerId', context),
          context.fallbackPolicy.fields.ownerId.required,
        )
    }
  })
}

function keyTypeFor(
  field: 'updatedBy' | 'ownerId',
  { fallbackPolicy, surroundings }: ComparisonContext,
): string | null {
  return fallbackPolicy.fields[field].type?.catalog ?? surroundings.userKeyType
}

/**
 * The audit fields that a model's schema lacks, whatever a policy requires. A model that Prisma Client ignores lacks nothing,
 * and users are nobody's.
 */
export function lackingFields({ block, table }: ExpectedModel, policy: Policy): AuditField[] {
  if (findAttribute(block, 'ignore') !== null) return []
  const ignored = ignoredNames(block.documentation)
  const isUser = table.model === policy.userModel
  if (ignored.has('*')) return []
  return (['updatedAt', 'updatedBy', 'ownerId'] as const).filter(
    (field) => schemaColumnOf(field, table, policy) === null && !ignored.has(field) && !(isUser && field === 'ownerId'),
  )
}

function auditedOf(model: ExpectedModel, { surroundings, index, requiredFields }: ComparisonContext): AuditedField[] {
  const { policy } = surroundings
  if (policy === null) return []
  const actual = index?.findTable(model.table.schema, model.table.name) ?? null
  const names = requiredFields(model.table.model)
  return names.map((field) => auditedField(field, model.table, actual, policy))
}

function addDriftFindings(
  findings: LocalFinding[],
  { table, joinTables }: ExpectedModel,
  audited: readonly AuditedField[],
  { index, scope }: ComparisonContext,
): void {
  if (index === null) return
  const { usesForeignKeys } = scope.configuration
  addTableFindings(findings, table, { index, audited, usesForeignKeys })
  for (const joinTable of joinTables) addTableFindings(findings, joinTable, { index, audited: [], usesForeignKeys })
}

/** Prisma Client works with them, and Prisma's engine does not look at them. */
const STANDS_FOR_A_TABLE: ReadonlySet<Table['kind']> = new Set(['view', 'materialized view', 'foreign table'])

function addTableFindings(findings: LocalFinding[], expected: ExpectedTable, context: TableContext): void {
  const { index } = context
  const schemaName = index.schemaNameOf(expected.schema)
  if (index.isExternalTable(schemaName, expected.name)) return
  const actual = index.findTable(expected.schema, expected.name)
  if (actual === undefined || STANDS_FOR_A_TABLE.has(actual.kind)) {
    findings.push(tableMissing(expected, schemaName, actual, index))
    if (actual !== undefined) findings.push(...viewTriggers(actual, { model: expected.model, range: expected.range }))
    return
  }
  const pair = pairTable(expected, actual, index.database)
  for (const rule of TABLE_RULES) for (const finding of rule(pair, context)) findings.push(finding)
}
