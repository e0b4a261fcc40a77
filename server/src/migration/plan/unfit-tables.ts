import type { Table } from '../../database/model'
import { quoteQualified } from '../../database/quote'

/** Why a table of this kind cannot be altered by a plan; null where it can. */
export function whyUnfit(table: Table): string | null {
  const name = quoteQualified(table.schema, table.name)
  switch (table.kind) {
    case 'table':
      return null
    case 'view':
    case 'materialized view':
      return `${name} is a ${table.kind}; its columns come from its query.`
    case 'foreign table':
      return `${name} is a foreign table; its rows live in another server.`
    case 'partition':
      return `${name} is a partition; its columns come from the table that it belongs to.`
    case 'partitioned table': {
      const foreign = table.partitions?.find(({ kind }) => kind === 'foreign table')
      if (foreign === undefined) return null
      const partition = quoteQualified(foreign.schema, foreign.name)
      return `${name} has the partition ${partition}, a foreign table; its rows live in another server.`
    }
  }
}
