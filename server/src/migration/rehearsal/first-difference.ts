import { phrase } from '../../text/phrase'
import type { StructureDifference } from './model'

/**
 * The first object that differs between two dumps; null if the dumps are equal.
 *
 * @param mayDiffer whether to ignore the object, named as in `dumpedName`
 */
export function firstDifference(
  before: string,
  after: string,
  mayDiffer: (object: string) => boolean = () => false,
): StructureDifference | null {
  if (before === after) return null
  const old = objectsOf(before)
  const fresh = objectsOf(after)
  const excused = [...fresh.keys()].filter((object) => old.has(object) && mayDiffer(object))
  for (const object of excused) fresh.set(object, old.get(object) ?? '')
  if (excused.length > 0 && isSame(old, fresh)) return null
  for (const [object, text] of fresh) {
    const was = old.get(object)
    if (was === undefined) return { object, before: '', after: firstLine(text) }
    if (was !== text) return { object, ...firstLines(was, text) }
  }
  for (const [object, text] of old) if (!fresh.has(object)) return { object, before: firstLine(text), after: '' }
  return { object: phrase`the order of the objects`, ...firstLines(before, after) }
}

function isSame(old: ReadonlyMap<string, string>, fresh: ReadonlyMap<string, string>): boolean {
  return old.size === fresh.size && [...old].every(([name, text]) => fresh.get(name) === text)
}

/**
 * `TABLE public.User` from pg_dump's comment `-- Name: User; Type: TABLE; Schema: public; Owner: -`; null for any other
 * text.
 */
export function dumpedName(text: string): string | null {
  const [, name, type, schema] = /^-- Name: (.*); Type: (.*); Schema: (.*); Owner: /m.exec(text) ?? []
  if (name === undefined || type === undefined) return null
  return schema === undefined || schema === '-' ? `${type} ${name}` : `${type} ${schema}.${name}`
}

/** The statements of a dump by the object that pg_dump names in the comment before them. */
function objectsOf(dump: string): Map<string, string> {
  const objects = new Map<string, string>()
  for (const text of dump.split(/^(?=-- Name: )/m)) {
    const name = dumpedName(text) ?? 'the settings of the dump'
    objects.set(name, `${objects.get(name) ?? ''}${withoutSettings(text)}`)
  }
  return objects
}

/** pg_dump writes some settings before the first object that needs them, whichever that is. */
function withoutSettings(text: string): string {
  return text.replace(/^(?:SET default_\w+ = .*;|--.*)?\n/gm, '')
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}

function firstLines(before: string, after: string): { readonly before: string; readonly after: string } {
  const old = before.split('\n')
  const fresh = after.split('\n')
  const length = Math.max(old.length, fresh.length)
  for (let index = 0; index < length; index++) {
    if (old[index] !== fresh[index]) return { before: old[index] ?? '', after: fresh[index] ?? '' }
  }
  return { before: '', after: '' }
}
