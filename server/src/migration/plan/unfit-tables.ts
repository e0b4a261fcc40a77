import type { Table } from '../../database/model'
import { titleOfRelation } from './titles'
import { phrase, type Phrase } from '../../text/phrase'

/** Why a plan cannot alter this kind of table; null if it can. */
export function whyUnfit(table: Table): Phrase | null {
  const name = titleOfRelation(table)
  switch (table.kind) {
    case 'table':
      if (table.isTyped === true)
        return phrase`${name} is a typed table (CREATE TABLE … OF); its columns come from its type.`
      return hasChildren(name, table)
    case 'view':
      return phrase`${name} is a view; its columns come from its query.`
    case 'materialized view':
      return phrase`${name} is a materialized view; its columns come from its query.`
    case 'foreign table':
      return phrase`${name} is a foreign table; its rows are on another server.`
    case 'partition':
      return phrase`${name} is a partition; its columns come from its partitioned table.`
    case 'partitioned table': {
      const foreign = table.partitions?.find(({ kind }) => kind === 'foreign table')
      if (foreign === undefined) return null
      const partition = titleOfRelation(foreign)
      return phrase`${name} has the partition ${partition}, a foreign table; its rows are on another server.`
    }
  }
}

/**
 * Children inherit a column and the removal of its default, but not a trigger or a foreign key. A table that has
 * parents only can be altered like any other: what is added to it stays its own.
 */
function hasChildren(name: string, { relatives = [] }: Table): Phrase | null {
  const children = relatives.filter(({ isChild }) => isChild === true)
  if (children.length === 0) return null
  const others = children.map(titleOfRelation).join(', ')
  return phrase`${name} uses table inheritance (INHERITS) with ${others}: the children would inherit a new column but not its trigger and foreign key, so their INSERTs would fail. Add the audit fields yourself, or ignore the model.`
}
