import { isOldTable, sizeOf, type LintRule } from '../context'
import { shown } from '../syntax'
import { droppedObjects } from './drop-objects'

export const dropTable: LintRule = {
  code: 'drop-table',
  check(context) {
    return droppedObjects(context, 'OBJECT_TABLE')
      .filter((table) => isOldTable(context, table))
      .map((table) => ({
        severity: 'warning',
        message: `${shown(table)}${sizeOf(context, table)} is lost with its rows, and whatever still uses it fails.`,
        advice: 'Back it up, and drop it a release after the last program that used it.',
      }))
  },
}
