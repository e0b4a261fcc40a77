import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { foreignKeyCheck } from '../../../verification/kinds/foreign-key'
import type { Step } from '../../model'
import type { ForeignKeyTarget, UserReferenceTarget } from '../audit-target'
import { columnIn, doBlock, tableName } from '../sql'

/** The foreign key as NOT VALID: it holds for every write from now on, and no row is read while writers wait. */
export function addForeignKey(target: UserReferenceTarget, foreignKey: ForeignKeyTarget): Step {
  const table = tableName(target)
  const users = tableName(target.user)
  const name = quoteIdentifier(foreignKey.name)
  return {
    id: `add-foreign-key:${target.schema}.${target.table}.${foreignKey.name}`,
    kind: 'add-foreign-key',
    title: `Let ${columnIn(target)} refer to ${users}`,
    schema: target.schema,
    table: target.table,
    object: foreignKey.name,
    leftovers: null,
    up: [
      doBlock(
        [
          'BEGIN',
          '  IF NOT EXISTS (',
          '    SELECT FROM pg_constraint',
          `    WHERE conrelid = ${quoteLiteral(table)}::regclass AND conname = ${quoteLiteral(foreignKey.name)}`,
          '  ) THEN',
          `    ALTER TABLE ${table} ADD CONSTRAINT ${name}`,
          `      FOREIGN KEY (${quoteIdentifier(target.column)}) REFERENCES ${users} (${quoteIdentifier(target.user.column)})`,
          `      ON DELETE ${foreignKey.onDelete} ON UPDATE ${foreignKey.onUpdate} NOT VALID;`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [`ALTER TABLE IF EXISTS ${table} DROP CONSTRAINT IF EXISTS ${name}`],
    verify: [foreignKeyCheck(target, 'exists')],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: [...new Set([table, users])], duration: 'an instant' },
    transaction: 'own',
    batch: null,
    privileges: [
      { action: 'own', name: table },
      { action: 'references', name: users },
    ],
    rewrites: false,
    scans: false,
    estimatedRows: null,
  }
}
