import type { StructureDifference } from './model'

/** Where two dumps begin to differ; null where they are the same text. */
export function firstDifference(before: string, after: string): StructureDifference | null {
  if (before === after) return null
  const old = before.split('\n')
  const fresh = after.split('\n')
  const line = old.findIndex((text, index) => text !== fresh[index])
  const index = line === -1 ? old.length : line
  return {
    line: index + 1,
    object: objectAt(fresh, index) ?? objectAt(old, index),
    before: old[index] ?? '',
    after: fresh[index] ?? '',
  }
}

/** The object whose part of the dump the line is in: pg_dump begins each with a comment that names it. */
function objectAt(lines: readonly string[], index: number): string | null {
  for (let position = Math.min(index, lines.length - 1); position >= 0; position--) {
    const name = dumpedName(lines[position] ?? '')
    if (name !== null) return name
  }
  return null
}

/** `TABLE public.User` of pg_dump's comment `-- Name: User; Type: TABLE; Schema: public; Owner: -`; null for other lines. */
export function dumpedName(text: string): string | null {
  const [, name, type, schema] = /^-- Name: (.*); Type: (.*); Schema: (.*); Owner: /m.exec(text) ?? []
  if (name === undefined || type === undefined) return null
  return schema === undefined || schema === '-' ? `${type} ${name}` : `${type} ${schema}.${name}`
}
