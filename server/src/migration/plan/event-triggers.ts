import type { EventTrigger } from '../../database/model-surroundings'
import type { Plan, Warning } from '../model'
import { titleOfName } from './titles'
import { phrase } from '../../text/phrase'

/**
 * Event triggers that may reject statements of the migration or of its rollback, by their texts, and those that run the
 * code of a role with fewer privileges: any role that changes the structure runs it.
 */
export function eventTriggerWarnings({ steps }: Pick<Plan, 'steps'>, triggers: readonly EventTrigger[]): Warning[] {
  if (steps.length === 0) return []
  const fired = triggers.filter(({ tags }) => tags === null || tags.some((tag) => OUR_TAGS.has(tag)))
  const rejecting = fired.filter(({ source }) => RAISES.test(source))
  const foreign = fired.filter(({ lesserOwner }) => lesserOwner !== null)
  return [
    ...rejecting.map(({ name, tags, functionName }): Warning => {
      const at = tags === null ? phrase`changes of the structure` : tags.filter((tag) => OUR_TAGS.has(tag))
      const text = phrase`The event trigger ${titleOfName(name)} runs ${functionName} at ${at} and can reject it. The run and its rollback test this before their first step.`
      return { code: 'event-trigger', object: name, text }
    }),
    ...foreign.map(({ name, functionName, lesserOwner }): Warning => {
      const text = phrase`The event trigger ${titleOfName(name)} runs ${functionName} with your privileges, but the role ${titleOfName(lesserOwner ?? '')}, which has fewer, owns it and can replace it. Change its owner first, unless you trust that role.`
      return { code: 'code-of-others', object: `event trigger ${name}`, text }
    }),
  ]
}

/** RAISE without a level is an exception. */
const RAISES = /\braise\s+(?!notice|info|log|debug|warning)|\bassert\b/i

/** Command tags of steps, rollbacks, the journal and preserved values. */
const OUR_TAGS: ReadonlySet<string> = new Set([
  ...[
    'ALTER TABLE',
    'CREATE FUNCTION',
    'CREATE INDEX',
    'CREATE SCHEMA',
    'CREATE TABLE',
    'CREATE TRIGGER',
    'COMMENT',
    'REVOKE',
  ],
  ...[
    'DROP FUNCTION',
    'DROP INDEX',
    'DROP SCHEMA',
    'DROP TABLE',
    'DROP TRIGGER',
    'CREATE TYPE',
    'ALTER TYPE',
    'CREATE EXTENSION',
  ],
])
