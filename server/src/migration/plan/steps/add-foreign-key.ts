import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { foreignKeyCheck } from '../checks/foreign-key'
import { step } from './step'
import type { Step } from '../../model'
import type { ForeignKeyPlace } from '../audit-target'
import { wholeTree } from '../partitions'
import { doBlock, quotedList, tableName } from '../sql'
import { recipeForeignKey } from '../recipe-parts'
import { titleOfColumns, titleOfTable } from '../titles'
import { phrase } from '../../../text/phrase'

/** The foreign key as NOT VALID: it applies to every new write, and no rows are read under the lock. */
export function addForeignKey(place: ForeignKeyPlace): Step {
  const table = tableName(place)
  const referenced = tableName(place.referenced)
  return step({
    recipe: { builder: 'add-foreign-key', parameters: recipeForeignKey(place) },
    id: `add-foreign-key:${place.schema}.${place.table}.${place.name}`,
    kind: 'add-foreign-key',
    title: `Add foreign key ${titleOfColumns(place, place.columns)} → ${titleOfTable(place.referenced)}`,
    schema: place.schema,
    table: place.table,
    object: place.name,
    foreignKey: { columns: place.columns, referenced: place.referenced },
    up: [addConstraint(place, ' NOT VALID')],
    down: [`ALTER TABLE IF EXISTS ${table} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(place.name)}`],
    verify: [foreignKeyCheck(place, 'exists')],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: [...new Set([table, referenced])], duration: 'brief' },
    privileges: [
      { action: 'own', name: table },
      { action: 'references', name: referenced },
    ],
  })
}

/**
 * The foreign key of a partitioned table, which cannot be NOT VALID before version 18. Its partitions have an equal,
 * validated one, which PostgreSQL attaches instead of reading rows. Only a partition that was added in between is read.
 */
export function attachForeignKey(place: ForeignKeyPlace): Step {
  const referenced = tableName(place.referenced)
  return {
    ...addForeignKey(place),
    recipe: { builder: 'attach-foreign-key', parameters: recipeForeignKey(place) },
    id: `attach-foreign-key:${place.schema}.${place.table}.${place.name}`,
    kind: 'attach-foreign-key',
    title: `Attach the partitions' foreign keys to ${titleOfColumns(place, place.columns)} → ${titleOfTable(place.referenced)}`,
    up: [addConstraint(place, '')],
    verify: [foreignKeyCheck(place, 'validated')],
    lock: {
      // Those of the partitions drop their triggers on the other table, which blocks its readers for a moment.
      mode: 'ACCESS EXCLUSIVE',
      tables: [...new Set([referenced, ...wholeTree(place)])],
      duration: 'brief',
      besides: phrase`SHARE ROW EXCLUSIVE on all but ${titleOfTable(place.referenced)}`,
    },
  }
}

/** A table that was just created has no rows to read. */
export function addForeignKeyToNewTable(place: ForeignKeyPlace): Step {
  return {
    ...addForeignKey(place),
    recipe: { builder: 'add-foreign-key-to-new-table', parameters: recipeForeignKey(place) },
    up: [addConstraint(place, '')],
    verify: [foreignKeyCheck(place, 'validated')],
  }
}

/** ADD CONSTRAINT has no IF NOT EXISTS. */
function addConstraint(place: ForeignKeyPlace, validity: ' NOT VALID' | ''): string {
  const table = tableName(place)
  return doBlock(
    [
      'BEGIN',
      '  IF NOT EXISTS (',
      '    SELECT FROM pg_catalog.pg_constraint',
      `    WHERE conrelid OPERATOR(pg_catalog.=) ${quoteLiteral(table)}::pg_catalog.regclass AND conname = ${quoteLiteral(place.name)}`,
      '  ) THEN',
      `    ALTER TABLE ${table} ADD CONSTRAINT ${quoteIdentifier(place.name)}`,
      `      FOREIGN KEY (${quotedList(place.columns)}) REFERENCES ${tableName(place.referenced)} (${quotedList(place.referenced.columns)})`,
      `      ON DELETE ${place.onDelete} ON UPDATE ${place.onUpdate}${validity};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
}
