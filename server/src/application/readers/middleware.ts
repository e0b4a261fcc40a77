/**
 * Whether a file may stand before a route or a page that is in its folder: layouts do not before routes, and Next.js'
 * middleware leaves addresses out: `matcher: ['/((?!api|_next).*)']`, `if (isProtectedRoute(request)) …`.
 */
export function standsBefore(outer: string, text: string, path: string): boolean {
  const address = routeAddress(path)
  if (address === null) return true
  if (/(?:^|[\\/])layout\.[jt]sx?$/.test(outer)) return false
  return !/(?:^|[\\/])(?:middleware|proxy)\.[cm]?[jt]s$/.test(outer) || !letsPass(text, address)
}

/** `/api/admin/users` for `app/(back)/api/admin/users/route.ts`; null for what has no such address. */
function routeAddress(path: string): string | null {
  const parts = /(?:^|\/)(api\/.*?)(?:\/route)?\.[cm]?[jt]sx?$/.exec(path.replaceAll('\\', '/'))?.[1]?.split('/')
  return parts === undefined ? null : parts.map((part) => (part.startsWith('(') ? '' : `/${part}`)).join('')
}

function letsPass(source: string, address: string): boolean {
  const text = source.replace(COMMENT, ' ')
  if (PASSED.test(text)) return true
  const matched = literalsOf(/\bmatcher\s{0,9}:([^]*)/.exec(text)?.[1] ?? '')
  if (matched.length > 0 && !matched.some((each) => isIn(each, address))) return true
  const lists = [...text.matchAll(LIST)]
  return (
    lists.length > 0 &&
    lists.every(([, name = '', list = '']) => {
      return !OPEN.test(name) && !literalsOf(list).some((each) => isIn(each, address))
    })
  )
}

/** The addresses among the texts of a source. */
function literalsOf(source: string): string[] {
  return [...source.matchAll(/(['"`])(\/[^'"`\n]{0,500})\1/g)].map(([, , literal = '']) => literal)
}

/** `/api/:path*`, `/(api|trpc)(.*)`, `/((?!_next).*)`. */
function isIn(literal: string, address: string): boolean {
  if (/[!|(]\/?api\/?(?:[|)]|\.\*)/.test(literal) && literal.includes('(?!')) return false
  const start = literal.replace(/\/?[:*([{][^]*$/, '')
  return address === start || address.startsWith(`${start}/`)
}

const COMMENT = /(?<![/:'"`])\/\*[^]{0,5000}?\*\/|(?<![:'"`\\(*])\/\/[^\n]*/g

/** `if (pathname.startsWith('/api')) return NextResponse.next()` */
const PASSED =
  /(?<!![\w.]{0,60})\.startsWith\(\s{0,9}['"`]\/api\/?['"`]\s{0,9}\)[^{}!;]{0,300}\{?\s{0,20}return\s{0,9}(?:\w{1,40}\.next\(|;)/

/** `const isProtectedRoute = createRouteMatcher(['/account(.*)'])` */
const LIST = /(\w{1,60})\s{0,9}=\s{0,9}createRouteMatcher\(\s{0,20}\[([^\]]{0,5000})\]/g

/** What lets everyone in: everything else is guarded. */
const OPEN = /public|open|ignore|auth|guest|sign|login|unprotected|except|anonym|skip/i
