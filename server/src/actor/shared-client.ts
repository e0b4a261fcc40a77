/**
 * Whether the file hands out the client that it creates at this offset: `export const db = … new PrismaClient()`, an
 * exported class, `export { db }`, `module.exports = db`, also through a function that returns it. A route that creates
 * a client of its own exports only its handlers.
 */
export function handsOutClient(text: string, offset: number): boolean {
  const before = text.slice(0, offset)
  const declared = [...before.matchAll(DECLARATION)].at(-1)
  if (declared === undefined) return /\bexports?\b/.test(/[^\n;]*$/.exec(before.slice(-LONGEST))?.[0] ?? '')
  const assigned = ASSIGNED.exec(before.slice(-LONGEST))
  const names = new Set([declared[2] ?? '', ...(assigned === null ? [] : [assigned[1] ?? ''])])
  const around = [...before.matchAll(DECLARATION)].findLast(([, indent]) => indent === '')
  if (around !== undefined && isReturned(text.slice(offset), [...names])) names.add(around[2] ?? '')
  // What another declaration makes of it: `const db = globalForPrisma.db ?? createClient()`.
  let mention = mentionOf(names)
  for (const [line, name = ''] of text.matchAll(TOP_LEVEL)) {
    if (names.has(name) || !mention.test(line.slice(line.indexOf('=')))) continue
    names.add(name)
    if (names.size === MOST_NAMES) break
    mention = mentionOf(names)
  }
  return [...names].some((name) => isExported(text, name))
}

const DECLARATION = /^([ \t]*)(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:const|let|var|function|class)\s+([\w$]+)/gm

/** `db = `, `kept.db = kept.db ?? ` */
const ASSIGNED = /([\w$]+)(?:\.[\w$]+)*\s*(?:\?\?|\|\|)?=(?![=>])[^;={}]*$/

const LONGEST = 300
/** Each is searched for in the whole text, and nobody hands a client from one name to the next so often. */
const MOST_NAMES = 20

/** Lines that end in an operator go on in the next one. */
const TOP_LEVEL =
  /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)[^\n=]*=(?!>)[^\n]*(?:(?<=(?:=|\?\?|\|\|)[ \t]*)\n[ \t]+[^\n]*)*/gm

/** Before the next declaration at the start of a line. */
function isReturned(rest: string, names: readonly string[]): boolean {
  const [body = ''] = rest.split(/^(?:export|const|let|var|function|class)\b/m)
  return names.some((name) => new RegExp(`\\breturn\\s+\\(?${escaped(name)}\\s*\\)?\\s*(?:;|$)`, 'm').test(body))
}

function isExported(text: string, name: string): boolean {
  const id = escaped(name)
  const declared = String.raw`export\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function|class)\s+${id}(?![\w$])`
  const listed = String.raw`export\s*\{[^}]{0,2000}\b${id}(?![\w$])`
  const byDefault = String.raw`export\s+default\s+${id}\s*(?:;|$)`
  const common = String.raw`\bexports(?:\.[\w$]+)?\s*=\s*(?:${id}\s*(?:;|$)|\{[^}]{0,2000}\b${id}(?![\w$]))`
  return new RegExp(`^(?:${[declared, listed, byDefault].join('|')})|${common}`, 'm').test(text)
}

/** The client itself, not what its methods and models answer: `db.user.findMany(…)`. */
function mentionOf(names: ReadonlySet<string>): RegExp {
  return new RegExp(`(?<![\\w$])(?:${[...names].map(escaped).join('|')})(?![\\w$])(?!\\.[\\w$]+[.(])`)
}

function escaped(name: string): string {
  return name.replaceAll('$', String.raw`\$`)
}
