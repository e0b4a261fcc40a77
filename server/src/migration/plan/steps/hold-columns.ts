import type { Table, Trigger } from '../../../database/model'
import { cutName, quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import { triggerCheck, triggerGoneCheck } from '../checks/trigger'
import { KEEP_UPDATED_AT } from '../clock-function'
import { step } from './step'
import { doBlock, dollarQuote, tableName } from '../sql'
import { titleOfTable } from '../titles'

/** A column that is filled, and our trigger that keeps all others unchanged. */
export interface HeldPlace {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly trigger: string
  /** The step that fills it: `populate:public.Lead.ownerId`. */
  readonly fill: string
}

/**
 * The step that fills a column, between two steps that ensure that it changes nothing else: an UPDATE fires the table's
 * triggers, and a timestamp that one of them maintains would permanently become that of the fill. If no trigger fires,
 * only the step itself.
 */
export function withOtherColumnsHeld(others: readonly string[], column: string, fill: Step): Step[] {
  if (others.length === 0) return [fill]
  const { schema, table: name, id } = fill
  const place = { schema, table: name, column, trigger: lastTriggerName(others), fill: id }
  return [holdColumns(place), fill, releaseColumns(place)]
}

export interface UpdatedTable extends Pick<Table, 'partitions'> {
  readonly triggers: readonly Pick<Trigger, 'name' | 'events' | 'state' | 'isQuietInFill'>[]
}

/** The triggers that our UPDATE fires, in any partition; those that we created detect a fill and do nothing. */
export function firedByFill({ triggers, partitions = [] }: UpdatedTable): string[] {
  const own = triggers
    .filter(({ events, state, isQuietInFill }) => events.includes('UPDATE') && state !== 'D' && isQuietInFill !== true)
    .map(({ name }) => name)
  return [...new Set([...own, ...partitions.flatMap(({ updateTriggers = [] }) => updateTriggers)])]
}

/**
 * A trigger that fires after all others and restores the row, except the filled column. It acts only in our own
 * transactions, so other writers are not affected.
 */
export function holdColumns(place: HeldPlace): Step {
  const table = tableName(place)
  const column = quoteIdentifier(place.column)
  const source = `
DECLARE
  filled record;
BEGIN
  -- Filling a column is no change that anybody made; whoever does it says so for its own transaction.
  IF current_setting('${KEEP_UPDATED_AT}', true) = 'on' THEN
    filled := NEW;
    NEW := OLD;
    NEW.${column} := filled.${column};
  END IF;
  RETURN NEW;
END
`
  const signature = signatureOf(place)
  const procedure = `pg_catalog.to_regprocedure(${quoteLiteral(signature)})`
  const comment = quoteLiteral(COMMENT)
  const quote = dollarQuote(source, 'function')
  const message = quoteLiteral(`A function ${signature} that Prisma Audit did not create already exists.`)
  return step({
    schema: place.schema,
    table: place.table,
    recipe: { builder: 'hold-columns', parameters: recipeOf(place) },
    id: `hold-columns:${place.fill}`,
    kind: 'hold-columns',
    title: `Create trigger to keep the other columns of ${titleOfTable(place)} unchanged while filling`,
    object: place.trigger,
    lastsUntil: `release-columns:${place.fill}`,
    up: [
      doBlock(
        [
          'BEGIN',
          `  IF ${procedure} IS NOT NULL AND pg_catalog.obj_description(${procedure}, 'pg_proc') IS DISTINCT FROM ${comment} THEN`,
          `    RAISE EXCEPTION USING MESSAGE = ${message};`,
          '  END IF;',
          `  CREATE OR REPLACE FUNCTION ${signature} RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${quote}${source}${quote};`,
          `  COMMENT ON FUNCTION ${signature} IS ${comment};`,
          `  CREATE OR REPLACE TRIGGER ${quoteIdentifier(place.trigger)} BEFORE UPDATE ON ${table}`,
          `    FOR EACH ROW EXECUTE FUNCTION ${signature};`,
          'END',
        ].join('\n'),
      ),
    ],
    down: drops(place),
    verify: [triggerCheck(place, place.trigger)],
    lock: { mode: 'SHARE ROW EXCLUSIVE', tables: [table], duration: 'brief' },
    privileges: [
      { action: 'own', name: table },
      { action: 'create-in-schema', name: quoteIdentifier(place.schema) },
    ],
  })
}

export function releaseColumns(place: HeldPlace): Step {
  const table = tableName(place)
  return step({
    schema: place.schema,
    table: place.table,
    recipe: { builder: 'release-columns', parameters: recipeOf(place) },
    id: `release-columns:${place.fill}`,
    kind: 'release-columns',
    title: `Drop the trigger that kept the other columns of ${titleOfTable(place)} unchanged`,
    up: drops(place),
    down: [],
    verify: [triggerGoneCheck(place, place.trigger)],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: [table], duration: 'brief' },
  })
}

function drops(place: HeldPlace): string[] {
  return [
    `DROP TRIGGER IF EXISTS ${quoteIdentifier(place.trigger)} ON ${tableName(place)}`,
    `DROP FUNCTION IF EXISTS ${signatureOf(place)}`,
  ]
}

function signatureOf({ schema, table, column }: HeldPlace): string {
  return `${quoteQualified(schema, cutName(`${FUNCTION_PREFIX}${column}_${table}`))}()`
}

function recipeOf({ schema, table, column, trigger, fill }: HeldPlace): HeldPlace {
  return { schema, table, column, trigger, fill }
}

/** Triggers fire in the order of their names, byte by byte. */
function lastTriggerName(others: readonly string[]): string {
  const bytes = (name: string) => [...new TextEncoder().encode(name)].map((byte) => String.fromCharCode(byte)).join('')
  const [last = ''] = others.map(bytes).sort().reverse()
  return LAST_NAMES.find((name) => bytes(name) > last) ?? LAST_NAMES[LAST_NAMES.length - 1] ?? ''
}

/** After all of ASCII and, in a Unicode database, after everything that a name is likely to start with. */
const LAST_NAMES = ['~prisma_audit_fill', '~~~~prisma_audit_fill', '\u{10fffd}prisma_audit_fill']

const FUNCTION_PREFIX = 'prisma_audit_fill_'

const COMMENT = 'Made by Prisma Audit for as long as a column is filled: leaves all others as they are.'
