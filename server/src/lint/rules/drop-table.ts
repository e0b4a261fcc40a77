import { isOldTable, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { droppedObjects } from './drop-objects'
import { phrase } from '../../text/phrase'

export const dropTable: LintRule = {
  code: 'drop-table',
  check(context) {
    return droppedObjects(context, 'OBJECT_TABLE')
      .filter((table) => isOldTable(context, table))
      .map((table) => ({
        severity: 'warning',
        message: phrase`${shown(table)}${sizeOf(context, table)} and its rows are lost, and clients that still use it fail.`,
        advice: phrase`Back it up, and drop it one release after its last use.`,
      }))
  },
}
