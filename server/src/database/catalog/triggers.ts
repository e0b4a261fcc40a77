import type { Trigger } from '../model'
import { flag, number, type Row, text } from './row'

/** By the table's oid. */
export function buildTriggers(rows: readonly Row[], wentAway: Set<string>): Map<string, Trigger[]> {
  const found = new Map<string, Trigger[]>()
  for (const row of rows) {
    const table = text(row, 0)
    if (row[6] === null) wentAway.add(table)
    const ofTable = found.get(table) ?? []
    found.set(table, ofTable)
    ofTable.push(buildTrigger(row))
  }
  return found
}

function buildTrigger(row: Row): Trigger {
  const bits = number(row, 4)
  return {
    name: text(row, 1),
    functionSchema: text(row, 2),
    functionName: text(row, 3),
    timing: bits & TGTYPE_INSTEAD ? 'INSTEAD OF' : bits & TGTYPE_BEFORE ? 'BEFORE' : 'AFTER',
    events: EVENTS.filter(([, bit]) => (bits & bit) !== 0).map(([event]) => event),
    level: bits & TGTYPE_ROW ? 'ROW' : 'STATEMENT',
    state: STATES.find((state) => state === text(row, 5)) ?? 'O',
    definition: text(row, 6),
    ...(flag(row, 7) ? { isInherited: true } : {}),
    ...(flag(row, 8) ? { isQuietInFill: true } : {}),
  }
}

/** Bits of `pg_trigger.tgtype`. */
const TGTYPE_ROW = 1
const TGTYPE_BEFORE = 2
const TGTYPE_INSTEAD = 64

const EVENTS = [
  ['INSERT', 4],
  ['UPDATE', 16],
  ['DELETE', 8],
  ['TRUNCATE', 32],
] as const

const STATES = ['O', 'D', 'R', 'A'] as const
