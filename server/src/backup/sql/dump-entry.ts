import type { InventoryEntry } from '../backup-way'

/** The object in a comment of pg_dump; null if the line is not one. */
export function parseDumpEntry(line: string): InventoryEntry | null {
  const match = line.length > LONGEST_ENTRY ? null : ENTRY.exec(line)
  if (match === null) return null
  const [, name = '', type = '', schema = '', owner = '', tablespace = ''] = match
  return { type, schema: orNothing(schema), name, owner: orNothing(owner), tablespace }
}

/** All objects of a text, in order. */
export function* parseDumpEntries(text: string): Generator<InventoryEntry> {
  for (const [line] of text.matchAll(LINES)) {
    const entry = parseDumpEntry(line)
    if (entry !== null) yield entry
  }
}

const ENTRY = /^-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: (.*?)(?:; Tablespace: (.*))?$/
/**
 * Characters: a function's name contains the types of up to a hundred parameters. Matching takes quadratic time in the
 * length of the line.
 */
const LONGEST_ENTRY = 20_000
const LINES = /^-- (?:Data for )?Name: .*$/gm

function orNothing(word: string): string {
  return word === '-' ? '' : word
}
