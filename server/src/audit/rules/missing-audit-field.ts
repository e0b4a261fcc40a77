import { missingIn, type AuditedField } from '../audited-fields'
import type { ExpectedTable } from '../../expected/model'
import type { AuditCode, MissingIn } from '../finding'
import type { AuditField } from '../../audit-fields/policy'
import { describeExpectedColumn } from '../values/describe'
import { tableFinding, type LocalFinding } from './local-finding'

export interface AuditedTable {
  readonly table: ExpectedTable
  /** The table's schema in the database; null without a connection. */
  readonly schemaName: string | null
  readonly hasConnection: boolean
}

/**
 * What the three rules on audit fields share: a field that the policy requires and that is missing in the schema, in the
 * database or in both. On the model's name, or on the field where the schema has it. `definition` is what the column
 * should be, where the schema does not say.
 */
export function missingAuditField(
  code: AuditCode,
  audited: AuditedField,
  { table, schemaName, hasConnection }: AuditedTable,
  definition: string | null,
): LocalFinding[] {
  const where = missingIn(audited, hasConnection)
  if (where === null) return []
  const { schemaColumn, auditField, column } = audited
  return [
    tableFinding(
      { table, schemaName },
      {
        code,
        severity: 'warning',
        message: `${table.model} has no ${auditField}${MEANINGS[auditField]}: it is missing ${PLACES[where]}.`,
        field: schemaColumn?.field ?? auditField,
        column,
        expected: schemaColumn === null ? definition : describeExpectedColumn(schemaColumn),
        missingIn: where,
        range: schemaColumn?.range ?? table.range,
      },
    ),
  ]
}

const MEANINGS: Readonly<Record<AuditField, string>> = {
  updatedAt: ' (when a row last changed)',
  updatedBy: ' (which user changed it)',
  ownerId: ' (which user owns it)',
}

const PLACES: Readonly<Record<MissingIn, string>> = {
  schema: 'in the schema',
  database: 'in the database',
  both: 'in the schema and in the database',
}
