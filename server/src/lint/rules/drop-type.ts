import type { LintRule } from '../context'
import { shown } from '../syntax'
import { droppedObjects } from './drop-objects'
import { phrase } from '../../text/phrase'

export const dropType: LintRule = {
  code: 'drop-type',
  check(context) {
    const { newTypes, renamedTypes } = context.state
    // A type that this script renamed before is the old half of a replaced enum.
    return [...droppedObjects(context, 'OBJECT_TYPE'), ...droppedObjects(context, 'OBJECT_DOMAIN')]
      .filter(({ name }) => !newTypes.has(name) && !renamedTypes.has(name))
      .map((type) => ({
        severity: 'information',
        message: phrase`Everything that still uses the type ${shown(type)} fails, such as a cast in a function or in a query.`,
        advice: phrase`Drop it one release after its last use.`,
      }))
  },
}
