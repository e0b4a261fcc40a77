import { quoteIdentifier } from '../../../database/quote'
import { columnCheck } from '../checks/column'
import { step } from './step'
import type { Step } from '../../model'
import type { AuditTarget, TimestampTarget } from '../audit-target'
import { fillingDefault } from '../filling-default'
import { wholeTree } from '../partitions'
import { tableName } from '../sql'
import { recipeColumn, recipeTimestamp } from '../recipe-parts'
import { titleOfColumn } from '../titles'

/**
 * `fillsLater`: only new rows get the default; a later step fills the others, or they keep NULL. PostgreSQL adds the
 * column without rewriting the table: it is nullable, or its default is the same for all rows. `updatedAt` is NOT NULL
 * immediately; until the trigger exists, its default is for writers that do not know the column.
 */
export function addColumn(target: AuditTarget, type: string, fillsLater = isFilledLater(target)): Step {
  const column = quoteIdentifier(target.column)
  const definition = target.shape === 'timestamp' && !fillsLater ? timestampDefinition(target) : type
  const table = tableName(target)
  return step({
    recipe: {
      builder: 'add-column',
      parameters:
        target.shape === 'timestamp'
          ? { timestamp: recipeTimestamp(target), type, ...(fillsLater ? { fillsLater } : {}) }
          : { column: recipeColumn(target), type },
    },
    id: `add-column:${target.schema}.${target.table}.${target.column}`,
    kind: 'add-column',
    title: `Add column ${titleOfColumn(target)}`,
    schema: target.schema,
    table: target.table,
    object: target.column,
    columnType: type,
    ...(target.shape === 'timestamp' && !fillsLater ? { addsDefault: true } : {}),
    up: [
      `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column} ${definition}`,
      ...(target.shape === 'timestamp' && fillsLater
        ? [`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${fillingDefault(target)}`]
        : []),
    ],
    down: [`ALTER TABLE IF EXISTS ${tableName(target)} DROP COLUMN IF EXISTS ${column}`],
    // A later step decides whether it is NOT NULL, so only the type is checked here.
    verify: [columnCheck(target, 'type only')],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(target), duration: 'brief' },
  })
}

function isFilledLater(target: AuditTarget): boolean {
  return target.shape === 'timestamp' && (target.populate !== null || !target.isFilledByDefault)
}

function timestampDefinition(target: TimestampTarget): string {
  return `${target.type.sql}${target.nullable ? '' : ' NOT NULL'} DEFAULT ${fillingDefault(target)}`
}
