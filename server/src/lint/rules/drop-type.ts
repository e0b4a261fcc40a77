import type { LintRule } from '../context'
import { shown } from '../syntax'
import { droppedObjects } from './drop-objects'

export const dropType: LintRule = {
  code: 'drop-type',
  check(context) {
    const { newTypes, renamedTypes } = context.state
    // What was renamed out of the way in this script is the old half of an enum that is replaced.
    return [...droppedObjects(context, 'OBJECT_TYPE'), ...droppedObjects(context, 'OBJECT_DOMAIN')]
      .filter(({ name }) => !newTypes.has(name) && !renamedTypes.has(name))
      .map((type) => ({
        severity: 'information',
        message: `Whatever still uses the type ${shown(type)}, a cast in a function or in a program, fails.`,
        advice: 'Drop it a release after the last program that used it.',
      }))
  },
}
