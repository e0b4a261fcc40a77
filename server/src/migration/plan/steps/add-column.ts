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
 * `fillsLater`: only new rows get the default; a later step fills the others, or they keep NULL.
 *
 * A column that PostgreSQL adds without rewriting the table: nullable, or with a default that is the same for all
 * rows. `updatedAt` is NOT NULL at once; its default serves writers that do not know the column until the trigger does.
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
    up: [
      `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column} ${definition}`,
      ...(target.shape === 'timestamp' && fillsLater
        ? [`ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT ${fillingDefault(target)}`]
        : []),
    ],
    down: [`ALTER TABLE IF EXISTS ${tableName(target)} DROP COLUMN IF EXISTS ${column}`],
    // Whether it is NOT NULL in the end is a later step's business, so only the type is asked for here.
    verify: [columnCheck(target, 'type only')],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(target), duration: 'held briefly' },
  })
}

function isFilledLater(target: AuditTarget): boolean {
  return target.shape === 'timestamp' && (target.populate !== null || !target.isFilledByDefault)
}

function timestampDefinition(target: TimestampTarget): string {
  return `${target.type.sql}${target.nullable ? '' : ' NOT NULL'} DEFAULT ${fillingDefault(target)}`
}
