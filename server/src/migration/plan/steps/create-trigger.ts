import type { Trigger } from '../../../database/model'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { triggerCheck, triggerDisabledCheck } from '../checks/trigger'
import { step } from './step'
import type { Step } from '../../model'
import type { TimestampTarget, TriggerTarget } from '../audit-target'
import type { ClockFunction } from '../clock-function'
import { wholeTree } from '../partitions'
import { doBlock, tableName } from '../sql'
import { recipeTimestamp } from '../recipe-parts'
import { titleOfColumn, titleOfName, titleOfTable } from '../titles'

type TriggerName = Pick<TriggerTarget, 'name'>

/** The trigger is created last, so that filling the new columns does not fire it. */
export function createTrigger(
  target: TimestampTarget,
  trigger: TriggerName,
  clock: Pick<ClockFunction, 'schema' | 'name'>,
): Step {
  const table = tableName(target)
  const name = quoteIdentifier(trigger.name)
  return step({
    ...common(target, trigger),
    recipe: {
      builder: 'create-trigger',
      parameters: {
        timestamp: recipeTimestamp(target),
        trigger: trigger.name,
        clock: { schema: clock.schema, name: clock.name },
      },
    },
    id: `create-trigger:${target.schema}.${target.table}.${trigger.name}`,
    object: trigger.name,
    title: `Create trigger to maintain ${titleOfColumn(target)}`,
    up: [
      doBlock(
        [
          'BEGIN',
          '  IF NOT EXISTS (',
          '    SELECT FROM pg_catalog.pg_trigger',
          `    WHERE tgrelid OPERATOR(pg_catalog.=) ${quoteLiteral(table)}::pg_catalog.regclass AND tgname = ${quoteLiteral(trigger.name)}`,
          '  ) THEN',
          `    CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table}`,
          `      FOR EACH ROW EXECUTE FUNCTION ${quoteQualified(clock.schema, clock.name)}();`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [`DROP TRIGGER IF EXISTS ${name} ON ${table}`],
  })
}

/** Enables a trigger that someone disabled; a rollback restores its state. */
export function enableTrigger(target: TimestampTarget, trigger: Pick<Trigger, 'name' | 'state'>): Step {
  return step({
    ...common(target, trigger),
    recipe: {
      builder: 'enable-trigger',
      parameters: { timestamp: recipeTimestamp(target), name: trigger.name, state: trigger.state },
    },
    id: `enable-trigger:${target.schema}.${target.table}.${trigger.name}`,
    title: `Enable trigger ${titleOfName(trigger.name)} on ${titleOfTable(target)}`,
    up: [alterTrigger(target, trigger.name, 'ENABLE')],
    down: [alterTrigger(target, trigger.name, trigger.state === 'R' ? 'ENABLE REPLICA' : 'DISABLE')],
  })
}

/**
 * A trigger that ours replaces, as the policy chooses. It is disabled, not dropped, so that a rollback can enable it.
 */
export function disableTrigger(target: TimestampTarget, trigger: Pick<Trigger, 'name' | 'state'>): Step {
  return step({
    ...common(target, trigger),
    recipe: {
      builder: 'disable-trigger',
      parameters: { timestamp: recipeTimestamp(target), name: trigger.name, state: trigger.state },
    },
    id: `disable-trigger:${target.schema}.${target.table}.${trigger.name}`,
    title: `Disable trigger ${titleOfName(trigger.name)} on ${titleOfTable(target)}, replaced by ours`,
    up: [alterTrigger(target, trigger.name, 'DISABLE')],
    down: [alterTrigger(target, trigger.name, trigger.state === 'A' ? 'ENABLE ALWAYS' : 'ENABLE')],
    verify: [triggerDisabledCheck(target, trigger.name)],
  })
}

function alterTrigger(target: TimestampTarget, name: string, verb: string): string {
  return `ALTER TABLE ${tableName(target)} ${verb} TRIGGER ${quoteIdentifier(name)}`
}

function common(target: TimestampTarget, trigger: { readonly name: string }) {
  return {
    kind: 'create-trigger',
    schema: target.schema,
    table: target.table,
    verify: [triggerCheck(target, trigger.name)],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: wholeTree(target), duration: 'brief' },
  } as const
}
