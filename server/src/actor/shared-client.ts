/**
 * Whether the file hands out the client that it creates at this offset: `export const db = … new PrismaClient()`, an
 * exported class, `export { db }`, `module.exports = db`, also through a function that creates it. A route that creates
 * a client of its own exports only its handlers.
 */
export function handsOutClient(text: string, offset: number): boolean {
  const declaration = [...text.slice(0, offset).matchAll(DECLARATION)].at(-1)
  if (declaration === undefined) return /\bexports?\b[^\n;]*$/.test(text.slice(0, offset))
  const names = new Set([declaration[1] ?? ''])
  // What another declaration makes of it: `const db = globalForPrisma.db ?? createClient()`.
  for (const [line, name = ''] of text.matchAll(TOP_LEVEL)) {
    if (!names.has(name) && [...names].some((each) => mentions(line.slice(line.indexOf('=')), each))) names.add(name)
  }
  return [...names].some((name) => isExported(text, name))
}

const DECLARATION = /^[ \t]*(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:const|let|var|function|class)\s+([\w$]+)/gm

const TOP_LEVEL = /^(?:export\s+)?(?:const|let|var)\s+([\w$]+)[^\n=]*=(?!>)[^\n]*(?:\n[ \t]+[^\n]*)?/gm

function isExported(text: string, name: string): boolean {
  const escaped = name.replaceAll('$', '\\$&')
  const declared = String.raw`export\s+(?:default\s+)?(?:async\s+)?(?:const|let|var|function|class)\s+${escaped}\b`
  const listed = String.raw`export\s*\{[^}]{0,2000}\b${escaped}\b`
  const byDefault = String.raw`export\s+default\s+${escaped}\s*(?:;|$)`
  const common = String.raw`\bexports(?:\.[\w$]+)?\s*=\s*(?:${escaped}\s*(?:;|$)|\{[^}]{0,2000}\b${escaped}\b)`
  return new RegExp(`^(?:${[declared, listed, byDefault].join('|')})|${common}`, 'm').test(text)
}

/** The client itself, not what its methods and models answer: `db.user.findMany(…)`. */
function mentions(value: string, name: string): boolean {
  return new RegExp(`\\b${name.replaceAll('$', '\\$&')}\\b(?!\\.[\\w$]+[.(])`).test(value)
}
