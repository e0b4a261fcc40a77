import type { Table } from '../../database/model'
import { titleOfRelation } from './titles'

/** Why a plan cannot alter this kind of table; null if it can. */
export function whyUnfit(table: Table): string | null {
  const name = titleOfRelation(table)
  switch (table.kind) {
    case 'table':
      if (table.isTyped === true) return `${name} is a typed table (CREATE TABLE … OF); its columns come from its type.`
      return table.relatives === undefined ? null : inherits(name, table.relatives)
    case 'view':
    case 'materialized view':
      return `${name} is a ${table.kind}; its columns come from its query.`
    case 'foreign table':
      return `${name} is a foreign table; its rows are on another server.`
    case 'partition':
      return `${name} is a partition; its columns come from its partitioned table.`
    case 'partitioned table': {
      const foreign = table.partitions?.find(({ kind }) => kind === 'foreign table')
      if (foreign === undefined) return null
      const partition = titleOfRelation(foreign)
      return `${name} has the partition ${partition}, a foreign table; its rows are on another server.`
    }
  }
}

/** Children inherit a column and the removal of its default, but not a trigger or a foreign key. */
function inherits(name: string, relatives: NonNullable<Table['relatives']>): string {
  const others = relatives.map(titleOfRelation).join(', ')
  return (
    `${name} uses table inheritance (INHERITS) with ${others}: the children would inherit a new column but not its trigger ` +
    'and foreign key, so their INSERTs would fail. Add the audit fields yourself, or ignore the model.'
  )
}
