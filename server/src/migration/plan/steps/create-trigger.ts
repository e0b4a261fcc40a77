import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { triggerCheck } from '../../../verification/kinds/trigger'
import type { Step } from '../../model'
import type { TimestampTarget, TriggerTarget } from '../audit-target'
import type { ClockFunction } from '../clock-function'
import { wholeTree } from '../partitions'
import { columnIn, doBlock, tableName } from '../sql'

/** The trigger comes last of what serves writers, so that filling the new columns does not run it. */
export function createTrigger(target: TimestampTarget, trigger: TriggerTarget, clock: ClockFunction): Step {
  const table = tableName(target)
  const name = quoteIdentifier(trigger.name)
  return {
    ...common(target, trigger),
    id: `create-trigger:${target.schema}.${target.table}.${trigger.name}`,
    object: trigger.name,
    title: `Keep ${columnIn(target)} true by a trigger`,
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
  }
}

/** A trigger that someone disabled is switched on again, and off again on the way back. */
export function enableTrigger(target: TimestampTarget, trigger: TriggerTarget): Step {
  const alter = (verb: string) => `ALTER TABLE ${tableName(target)} ${verb} TRIGGER ${quoteIdentifier(trigger.name)}`
  return {
    ...common(target, trigger),
    id: `enable-trigger:${target.schema}.${target.table}.${trigger.name}`,
    object: null,
    title: `Enable the trigger ${quoteIdentifier(trigger.name)} of ${tableName(target)}`,
    up: [alter('ENABLE')],
    down: [alter('DISABLE')],
  }
}

function common(target: TimestampTarget, trigger: TriggerTarget) {
  return {
    kind: 'create-trigger',
    schema: target.schema,
    table: target.table,
    leftovers: null,
    verify: [triggerCheck(target, trigger.name)],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: wholeTree(target), duration: 'an instant' },
    transaction: 'own',
    batch: null,
    privileges: [{ action: 'own', name: tableName(target) }],
    rewrites: false,
    scans: false,
    estimatedRows: null,
  } as const
}
