/** `Lead` → `leads`, `OrderItem` → `orderItems`, `order_item` → `orderItems`, `APIKey` → `apiKeys`. */
export function lowerPlural(model: string): string {
  const name = upperPlural(model)
  return name.replace(/^(?:[A-Z]+s?$|[A-Z]+(?=[A-Z][a-z])|[A-Z])/, (head) => head.toLowerCase())
}

/** `Lead` → `Leads`, `order_item` → `OrderItems`, `Company` → `Companies`. */
export function upperPlural(model: string): string {
  const words = model.split(/[_-]+/).filter((word) => word !== '')
  return plural(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''))
}

/**
 * The first free name. If even the last is taken, it grows until it is free: an unusual name is better than a
 * duplicate.
 */
export function firstFree(candidates: readonly string[], isTaken: (name: string) => boolean): string {
  const free = candidates.find((name) => !isTaken(name))
  if (free !== undefined) return free
  let name = candidates.at(-1) ?? ''
  while (isTaken(name)) name += 'Reference'
  return name
}

/** English, as far as model names need it. A name that is already plural is unchanged. */
function plural(name: string): string {
  if (/person$/i.test(name)) return name.slice(0, -4) + 'ople'
  if (/child$/i.test(name)) return `${name}ren`
  if (/(?:ss|us|x|z|ch|sh)$/i.test(name)) return `${name}es`
  if (/is$/i.test(name)) return `${name.slice(0, -2)}es`
  if (/s$/i.test(name)) return name
  if (/[^aeiou]y$/i.test(name)) return `${name.slice(0, -1)}ies`
  return `${name}s`
}
