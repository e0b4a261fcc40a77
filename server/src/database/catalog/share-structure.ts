/**
 * Returns a value that is deeply equal to `next` and reuses each equal part of `previous` in the same place. Named
 * items of lists are matched by name, because others are added and removed. Plain data only.
 */
export function shareStructure<Value>(previous: Value, next: Value): Value {
  return share(previous, next) as Value
}

function share(previous: unknown, next: unknown): unknown {
  if (previous === next || !isObject(previous) || !isObject(next)) return next
  if (Array.isArray(previous) && Array.isArray(next)) return shareList(previous, next)
  if (Array.isArray(previous) || Array.isArray(next)) return next
  const entries = Object.entries(next).map(([key, value]) => [key, share(previous[key], value)] as const)
  const isSame =
    entries.length === Object.keys(previous).length && entries.every(([key, value]) => previous[key] === value)
  return isSame ? previous : Object.fromEntries(entries)
}

function shareList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  // Mostly all items are in the same place, or shifted.
  let expected = 0
  let places: Map<string, number> | null = null
  const shared = next.map((value) => {
    const name = nameOf(value)
    if (name !== nameOf(previous[expected])) {
      places ??= new Map(previous.map((each, place) => [nameOf(each) ?? '', place]))
      expected = places.get(name ?? '') ?? expected
    }
    return share(previous[expected++], value)
  })
  return shared.length === previous.length && shared.every((value, place) => previous[place] === value)
    ? previous
    : shared
}

/** Tables of two schemas may share a name. */
function nameOf(value: unknown): string | null {
  if (!isObject(value) || typeof value.name !== 'string') return null
  return typeof value.schema === 'string' ? `${value.schema}.${value.name}` : value.name
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
