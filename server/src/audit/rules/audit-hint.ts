import type { ExpectedTable } from '../expected/model'
import type { AuditCode } from '../finding'
import type { AuditField } from '../policy'
import { tableFinding, type LocalFinding } from './local-finding'

/**
 * The quiet form of the audit codes, for projects without a policy: one hint a model that names all the audit fields it
 * lacks, under the code of the first.
 */
export function auditHint(
  table: ExpectedTable,
  schemaName: string | null,
  lacking: readonly AuditField[],
): LocalFinding[] {
  const [first] = lacking
  if (first === undefined) return []
  return [
    tableFinding(
      { table, schemaName },
      {
        code: CODES[first],
        severity: 'hint',
        message: `${table.model} has no ${lacking.join(', ')}.`,
        field: first,
        column: first,
        missingIn: 'schema',
      },
    ),
  ]
}

const CODES: Readonly<Record<AuditField, AuditCode>> = {
  updatedAt: 'missing-updated-at',
  updatedBy: 'missing-updated-by',
  ownerId: 'missing-owner-id',
}
