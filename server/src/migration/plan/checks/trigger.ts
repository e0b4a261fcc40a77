import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../database/quote'
import { searchPathStatement } from '../../../database/search-path'
import type { TimestampTarget } from '../audit-target'
import type { ClockFunction } from '../clock-function'
import { isZoned } from '../filling-default'
import { isPartitioned } from '../partitions'
import { tableName } from '../sql'
import { SKIPPED_PREFIX, type Check } from '../../../verification/model'

/** The trigger exists and fires. */
export function triggerCheck(target: { readonly schema: string; readonly table: string }, name: string): Check {
  return {
    title: `The trigger ${name} is enabled`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replicas only' ELSE 'enabled' END`,
      '  FROM pg_catalog.pg_trigger',
      `  WHERE tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))}) AND tgname = ${quoteLiteral(name)}`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: 'enabled',
    mode: 'read',
  }
}

/** A temporary trigger of ours is dropped. */
export function triggerGoneCheck(target: { readonly schema: string; readonly table: string }, name: string): Check {
  return { ...triggerCheck(target, name), title: `The trigger ${name} is dropped`, expected: 'missing' }
}

/** A trigger that ours replaces no longer fires. */
export function triggerDisabledCheck(target: TimestampTarget, name: string): Check {
  return { ...triggerCheck(target, name), title: `The trigger ${name} is disabled`, expected: 'disabled' }
}

/** The function exists and is ours. */
export function functionCheck(clock: Pick<ClockFunction, 'schema' | 'name' | 'comment'>): Check {
  const signature = `${quoteQualified(clock.schema, clock.name)}()`
  return {
    title: `The function ${clock.name} exists`,
    sql: [
      'SELECT coalesce((',
      `  SELECT CASE WHEN pg_catalog.obj_description(oid, 'pg_proc') = ${quoteLiteral(clock.comment)} THEN 'ours' ELSE 'not ours' END`,
      `  FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.=) pg_catalog.to_regprocedure(${quoteLiteral(signature)})`,
      `), 'missing') AS "found"`,
    ].join('\n'),
    expected: 'ours',
    mode: 'read',
  }
}

/**
 * Tests the trigger: updates one row with a wrong time, in a session that is not in UTC, and expects the current time
 * in UTC. It writes, so it runs in a transaction that is rolled back.
 */
export function liveTriggerProof(target: TimestampTarget, lookupSchema: string): Check {
  const column = quoteIdentifier(target.column)
  const table = tableName(target)
  const clock = isZoned(target) ? 'pg_catalog.clock_timestamp()' : `(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC')`
  return {
    title: `An UPDATE of ${target.table} sets ${target.column} to the current time in UTC`,
    sql: [
      // The table's other triggers fire too, and may look up names like the application.
      `${searchPathStatement('SET LOCAL', lookupSchema)};`,
      `SET LOCAL TIME ZONE 'America/New_York';`,
      ...(isPartitioned(target) ? changedInPartition(table, column) : changed(table, column)),
      'SELECT coalesce((',
      `  SELECT CASE WHEN pg_catalog.abs(extract(epoch FROM moment OPERATOR(pg_catalog.-) ${clock})) OPERATOR(pg_catalog.<) 10`,
      `    THEN 'the current time in UTC' ELSE pg_catalog.format('%s, but the current time in UTC is %s', moment, ${clock}) END`,
      '  FROM changed',
      `), '${SKIPPED_PREFIX}the table has no rows to update') AS "found"`,
    ].join('\n'),
    expected: 'the current time in UTC',
    mode: 'transaction',
    writes: { schema: target.schema, table: target.table },
  }
}

function changed(table: string, column: string): string[] {
  return [
    'WITH changed AS (',
    `  UPDATE ${table} SET ${column} = '2001-01-01 00:00:00'`,
    `  WHERE ctid OPERATOR(pg_catalog.=) (SELECT ctid FROM ${table} LIMIT 1 FOR UPDATE SKIP LOCKED)`,
    `  RETURNING ${column} AS moment`,
    ')',
  ]
}

/** Each partition has a first row, so ctid alone does not identify one. */
function changedInPartition(table: string, column: string): string[] {
  return [
    'WITH chosen AS MATERIALIZED (',
    `  SELECT tableoid AS partition, ctid AS place FROM ${table} LIMIT 1 FOR UPDATE SKIP LOCKED`,
    '), changed AS (',
    `  UPDATE ${table} AS t SET ${column} = '2001-01-01 00:00:00' FROM chosen`,
    '  WHERE t.ctid OPERATOR(pg_catalog.=) chosen.place AND t.tableoid OPERATOR(pg_catalog.=) chosen.partition',
    `  RETURNING t.${column} AS moment`,
    ')',
  ]
}
