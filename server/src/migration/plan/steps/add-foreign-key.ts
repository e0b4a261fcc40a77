import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { foreignKeyCheck } from '../../../verification/kinds/foreign-key'
import type { Step } from '../../model'
import type { ForeignKeyTarget, UserReferenceTarget } from '../audit-target'
import { wholeTree } from '../partitions'
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
    up: [addConstraint(target, foreignKey, ' NOT VALID')],
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

/**
 * The foreign key of a partitioned table, which cannot be NOT VALID before version 18. Its partitions have an equal one
 * that is validated, and PostgreSQL takes those for its own instead of reading rows. A partition that came meanwhile is
 * the only one that is read.
 */
export function attachForeignKey(target: UserReferenceTarget, foreignKey: ForeignKeyTarget): Step {
  const tree = wholeTree(target)
  const users = tableName(target.user)
  return {
    ...addForeignKey(target, foreignKey),
    id: `attach-foreign-key:${target.schema}.${target.table}.${foreignKey.name}`,
    kind: 'attach-foreign-key',
    title: `Let ${columnIn(target)} refer to ${users}, as its partitions do`,
    up: [addConstraint(target, foreignKey, '')],
    verify: [foreignKeyCheck(target, 'validated')],
    lock: {
      // Those of the partitions give up their triggers on the users' table, which keeps its readers out for an instant.
      mode: 'ACCESS EXCLUSIVE',
      tables: [...new Set([users, ...tree])],
      duration: `an instant; on all but ${users} SHARE ROW EXCLUSIVE`,
    },
  }
}

/** ADD CONSTRAINT has no IF NOT EXISTS. */
function addConstraint(target: UserReferenceTarget, foreignKey: ForeignKeyTarget, validity: ' NOT VALID' | ''): string {
  const table = tableName(target)
  return doBlock(
    [
      'BEGIN',
      '  IF NOT EXISTS (',
      '    SELECT FROM pg_constraint',
      `    WHERE conrelid = ${quoteLiteral(table)}::regclass AND conname = ${quoteLiteral(foreignKey.name)}`,
      '  ) THEN',
      `    ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdentifier(foreignKey.name)}`,
      `      FOREIGN KEY (${quoteIdentifier(target.column)}) REFERENCES ${tableName(target.user)} (${quoteIdentifier(target.user.column)})`,
      `      ON DELETE ${foreignKey.onDelete} ON UPDATE ${foreignKey.onUpdate}${validity};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
}
