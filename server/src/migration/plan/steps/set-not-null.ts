import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { checkConstraintCheck, columnCheck } from '../checks/column'
import { step } from './step'
import type { Step } from '../../model'
import type { ColumnPlace } from '../audit-target'
import { notNullCheckName } from '../names'
import { isPartitioned, wholeTree } from '../partitions'
import { doBlock, tableName, whenColumnExists } from '../sql'
import { recipeColumn } from '../recipe-parts'
import { titleOfColumn } from '../titles'

/**
 * NOT NULL without reading the table under a lock: a NOT VALID CHECK rejects new NULLs, the rest is filled, the CHECK
 * is validated without blocking writes, and SET NOT NULL then relies on it. Three steps; the fill between the first two
 * is in `populate.ts`.
 */
export function addNotNullCheck(target: ColumnPlace): Step {
  const { table, column, check } = names(target)
  return step({
    ...common(target, 'add-not-null-check'),
    recipe: { builder: 'add-not-null-check', parameters: recipeColumn(target) },
    object: checkName(target),
    lastsUntil: idOfSetNotNull(target),
    title: `Require ${titleOfColumn(target)} in new rows`,
    up: [
      doBlock(
        [
          'BEGIN',
          '  IF NOT EXISTS (',
          '    SELECT FROM pg_catalog.pg_attribute',
          `    WHERE attrelid OPERATOR(pg_catalog.=) ${quoteLiteral(table)}::pg_catalog.regclass AND attname = ${quoteLiteral(target.column)} AND attnotnull`,
          '  ) AND NOT EXISTS (',
          '    SELECT FROM pg_catalog.pg_constraint',
          `    WHERE conrelid OPERATOR(pg_catalog.=) ${quoteLiteral(table)}::pg_catalog.regclass AND conname = ${quoteLiteral(checkName(target))}`,
          '  ) THEN',
          `    ALTER TABLE ${table} ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID;`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [`ALTER TABLE IF EXISTS ${table} DROP CONSTRAINT IF EXISTS ${check}`],
    verify: [checkConstraintCheck(target, 'exists')],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(target), duration: 'brief' },
  })
}

/** Reads every row without blocking reads and writes. */
export function validateNotNullCheck(target: ColumnPlace): Step {
  const { table, check } = names(target)
  return step({
    ...common(target, 'validate-not-null-check'),
    recipe: { builder: 'validate-not-null-check', parameters: recipeColumn(target) },
    kind: 'validate-constraint',
    lastsUntil: idOfSetNotNull(target),
    title: `Validate that ${titleOfColumn(target)} is never NULL`,
    up: [
      doBlock(
        [
          'BEGIN',
          '  IF EXISTS (',
          '    SELECT FROM pg_catalog.pg_constraint',
          `    WHERE conrelid OPERATOR(pg_catalog.=) ${quoteLiteral(table)}::pg_catalog.regclass AND conname = ${quoteLiteral(checkName(target))}`,
          '  ) THEN',
          `    ALTER TABLE ${table} VALIDATE CONSTRAINT ${check};`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [],
    verify: [checkConstraintCheck(target, 'validated')],
    lock: {
      mode: 'SHARE UPDATE EXCLUSIVE',
      tables: wholeTree(target),
      duration: 'reading',
    },
    // For a partitioned table, each partition was validated before.
    scans: !isPartitioned(target),
    estimatedRows: target.databaseTable?.estimatedRows ?? null,
  })
}

/** Fast, because the validated CHECK proves it; then the CHECK is dropped. */
export function setNotNull(target: ColumnPlace): Step {
  const { table, column, check } = names(target)
  return step({
    ...common(target, 'set-not-null'),
    recipe: { builder: 'set-not-null', parameters: recipeColumn(target) },
    insertMustName: target.column,
    title: `Set ${titleOfColumn(target)} NOT NULL`,
    up: [
      `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`,
      `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${check}`,
    ],
    down: [whenColumnExists(target, `ALTER TABLE ${table} ALTER COLUMN ${column} DROP NOT NULL`)],
    verify: [columnCheck(target, 'type and nullability')],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(target), duration: 'brief' },
  })
}

/** It also drops the CHECK, from partitions too. */
function idOfSetNotNull({ schema, table, partitionOf, column }: ColumnPlace): string {
  return `set-not-null:${schema}.${partitionOf ?? table}.${column}`
}

/** Partitions inherit it from the table. */
function checkName(target: ColumnPlace): string {
  return notNullCheckName(target.partitionOf ?? target.table, target.column)
}

function names(target: ColumnPlace) {
  return {
    table: tableName(target),
    column: quoteIdentifier(target.column),
    check: quoteIdentifier(checkName(target)),
  }
}

function common(target: ColumnPlace, name: string) {
  return {
    id: `${name}:${target.schema}.${target.table}.${target.column}`,
    kind: 'set-not-null',
    schema: target.schema,
    table: target.table,
  } as const
}
