import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'
import { droppedObjects } from './drop-objects'
import { phrase } from '../../text/phrase'

export const dropSchema: LintRule = {
  code: 'drop-schema',
  check(context) {
    return droppedObjects(context, 'OBJECT_SCHEMA').map(({ name }) => ({
      severity: 'warning',
      message: phrase`Drops the schema ${quoteIdentifier(name)}, with CASCADE everything in it.`,
      advice: phrase`Back it up, and drop its objects explicitly.`,
    }))
  },
}
