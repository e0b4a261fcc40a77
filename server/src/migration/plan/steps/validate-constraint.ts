import { quoteIdentifier } from '../../../database/quote'
import { foreignKeyCheck } from '../../../verification/kinds/foreign-key'
import type { Step } from '../../model'
import type { ForeignKeyTarget, UserReferenceTarget } from '../audit-target'
import { tableName } from '../sql'

/** Proves the foreign key for the rows that stand already, while others read and write. */
export function validateForeignKey(target: UserReferenceTarget, foreignKey: ForeignKeyTarget): Step {
  const table = tableName(target)
  return {
    id: `validate-constraint:${target.schema}.${target.table}.${foreignKey.name}`,
    kind: 'validate-constraint',
    title: `Validate ${quoteIdentifier(foreignKey.name)} of ${table}`,
    schema: target.schema,
    table: target.table,
    object: null,
    leftovers: null,
    up: [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${quoteIdentifier(foreignKey.name)}`],
    // A constraint cannot be made unvalidated again. One of ours goes with its own step; another's stays valid.
    down: [],
    verify: [foreignKeyCheck(target, 'validated')],
    lock: { mode: 'SHARE UPDATE EXCLUSIVE', tables: [table], duration: 'while the rows are read' },
    transaction: 'own',
    batch: null,
    privileges: [{ action: 'own', name: table }],
    rewrites: false,
    scans: true,
    estimatedRows: target.databaseTable?.estimatedRows ?? null,
  }
}
