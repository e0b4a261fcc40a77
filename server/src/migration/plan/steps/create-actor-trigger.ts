import type { ActorWhen } from '../../../audit-fields/actor-trigger'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import type { ColumnPlace } from '../audit-target'
import { triggerCheck } from '../checks/trigger'
import { wholeTree } from '../partitions'
import { recipeColumn } from '../recipe-parts'
import { doBlock, tableName } from '../sql'
import { titleOfColumn } from '../titles'
import { step } from './step'

export interface ActorTriggerPlace extends ColumnPlace {
  /** Whether it is the trigger that fills the column, or the one that tells it that the statement sets the column. */
  readonly fires: ActorWhen | 'given'
  readonly trigger: string
  readonly function: { readonly schema: string; readonly name: string }
}

/**
 * A trigger that fills a user field, or the one that tells it if the statement sets the field; see
 * `actorTriggerSource`.
 */
export function createActorTrigger(place: ActorTriggerPlace): Step {
  const { schema, table, column, fires, trigger } = place
  const called = { schema: place.function.schema, name: place.function.name }
  const events =
    fires === 'given' ? `UPDATE OF ${quoteIdentifier(column)}` : fires === 'write' ? 'INSERT OR UPDATE' : 'INSERT'
  const on = tableName(place)
  const name = quoteIdentifier(trigger)
  return step({
    recipe: {
      builder: 'create-actor-trigger',
      parameters: { column: recipeColumn(place), fires, trigger, function: called },
    },
    id: `create-trigger:${schema}.${table}.${trigger}`,
    kind: 'create-trigger',
    title:
      fires === 'given'
        ? `Create trigger to keep a value that a statement sets in ${titleOfColumn(place)}`
        : `Create trigger to fill ${titleOfColumn(place)} with the user in app.actor`,
    schema,
    table,
    object: trigger,
    up: [
      doBlock(
        [
          'BEGIN',
          '  IF NOT EXISTS (',
          '    SELECT FROM pg_catalog.pg_trigger',
          `    WHERE tgrelid OPERATOR(pg_catalog.=) ${quoteLiteral(on)}::pg_catalog.regclass AND tgname = ${quoteLiteral(trigger)}`,
          '  ) THEN',
          `    CREATE TRIGGER ${name} BEFORE ${events} ON ${on}`,
          `      FOR EACH ROW EXECUTE FUNCTION ${quoteQualified(called.schema, called.name)}(${fires === 'given' ? "'given'" : ''});`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [`DROP TRIGGER IF EXISTS ${name} ON ${on}`],
    verify: [triggerCheck(place, trigger)],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: wholeTree(place), duration: 'brief' },
  })
}
