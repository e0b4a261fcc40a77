import { quoteIdentifier } from '../../../database/quote'
import { columnDefaultCheck } from '../checks/column'
import { step } from './step'
import type { Step } from '../../model'
import type { TimestampTarget } from '../audit-target'
import { wholeTree } from '../partitions'
import { tableName, whenColumnExists } from '../sql'
import { fillingDefault } from '../filling-default'
import { recipeTimestamp } from '../recipe-parts'
import { titleOfColumn } from '../titles'

/**
 * Replaces the default for filling with the schema's (for `@updatedAt`, none), so that Prisma sees no drift. It comes
 * after the trigger, which then fills missing values.
 */
export function dropDefault(target: TimestampTarget, hasTrigger = target.trigger !== null): Step {
  const alter = (rest: string) =>
    `ALTER TABLE ${tableName(target)} ALTER COLUMN ${quoteIdentifier(target.column)} ${rest}`
  return step({
    recipe: { builder: 'drop-default', parameters: { ...recipeTimestamp(target), hasTrigger } },
    id: `drop-default:${target.schema}.${target.table}.${target.column}`,
    kind: 'drop-default',
    title:
      target.lastingDefault === null
        ? `Drop the default of ${titleOfColumn(target)}`
        : `Set the schema's default on ${titleOfColumn(target)}`,
    schema: target.schema,
    table: target.table,
    up: [alter(target.lastingDefault === null ? 'DROP DEFAULT' : `SET DEFAULT ${target.lastingDefault}`)],
    // A rollback drops the trigger next, and until the column is dropped, writers need the default again.
    down: [whenColumnExists(target, alter(`SET DEFAULT ${fillingDefault(target)}`))],
    verify: [columnDefaultCheck(target)],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(target), duration: 'brief' },
    ...(!hasTrigger && target.lastingDefault === null && !target.nullable ? { insertMustName: target.column } : {}),
  })
}
