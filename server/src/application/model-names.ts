/** Prisma Client's property for a model: only the first letter changes, so `APIKey` is `aPIKey`. */
export function clientNameOf(model: string): string {
  return lowerFirst(model)
}

/**
 * What code calls one record of a model: `User` and `user`; for a model named like its table, `chapter_users`,
 * `ChapterUser`; `IPAddress` for `IpAddress`.
 */
export function recordNames(model: string): readonly string[] {
  const singular = singularName(model)
  const [first = ''] = /^(?:[A-Z]+(?![a-z])|[A-Z][a-z]*)/.exec(singular) ?? []
  const rest = singular.slice(first.length)
  const spelled = first.length > 3 ? [] : [first.toUpperCase(), first.charAt(0) + first.slice(1).toLowerCase()]
  const names = [model, clientNameOf(model), singular, lowerFirst(singular), ...spelled.map((each) => each + rest)]
  return [...new Set(names)]
}

/** `ChapterUser` for `chapter_users`. */
export function singularName(model: string): string {
  const words = model.split('_').filter((word) => word !== '')
  return singularOf(words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''))
}

/** English, as far as table names need it. */
function singularOf(name: string): string {
  if (/(?:ss|us|is)$/i.test(name)) return name
  if (/[^aeiou]ies$/i.test(name)) return `${name.slice(0, -3)}y`
  if (/(?:ss|us|x|z|ch|sh)es$/i.test(name)) return name.slice(0, -2)
  return name.replace(/s$/i, '')
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
