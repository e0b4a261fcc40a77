/** The parts of an address without what every address may begin with; `*` stands for a part that is not known. */
export type Address = readonly string[]

/** `/api/v1/admin/users/:id?page=1` is `admin`, `users`, `*`; null for what is no address. */
export function addressOf(text: string): Address | null {
  const path = text.replace(/^https?:\/\/[^/]*/, '').replace(/[?#].*$/, '')
  if (!path.includes('/') || /[\s<>(),;]/.test(path)) return null
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return withoutStart(parts.map((part) => (DYNAMIC.test(part) ? '*' : part)))
}

function withoutStart(parts: readonly string[]): Address {
  const first = parts.findIndex((part) => !START.test(part))
  return first === -1 ? [] : parts.slice(first)
}

/** `:id`, `[id]`, `{id}`, `$id`, `${id}` */
const DYNAMIC = /^[:[{$*]|\$\{/

/** What stands before the addresses of a program: `${BASE}/api/v1`. */
const START = /^(?:\*|api|rest|v\d+|server|backend|proxy|bff)$/i

/**
 * The address of a file that a framework serves by its place: `app/api/admin/users/[id]/route.ts`,
 * `pages/api/admin/users.ts`, Nuxt's `server/api/admin/users.get.ts`.
 */
export function addressOfFile(shown: string): Address | null {
  const path = shown.replaceAll('\\', '/')
  const found =
    /(?:^|\/)app\/(.*)\/route\.[cm]?[jt]sx?$/.exec(path) ??
    /(?:^|\/)(?:pages|server)\/(api\/.*?)(?:\/index)?(?:\.get)?\.[cm]?[jt]sx?$/.exec(path) ??
    /(?:^|\/)routes\/(.*)\/\+server\.[cm]?[jt]s$/.exec(path)
  if (found === null) return null
  const parts = (found[1] ?? '').split('/').filter((part) => !/^\(.*\)$/.test(part))
  return withoutStart(parts.map((part) => (DYNAMIC.test(part) ? '*' : part)))
}

/**
 * Whether a request asks for a route. What a client's base address has, `fetchBaseQuery({ baseUrl: '/admin' })`, is not in
 * its requests, so `hasElsewhere` tells if the file of the request has a part that is missing.
 */
export function asksFor(request: Address, route: Address, hasElsewhere: (part: string) => boolean): boolean {
  if (request.length === 0 || route.length < request.length) return false
  const missing = route.slice(0, route.length - request.length)
  const rest = route.slice(missing.length)
  return (
    rest.some((part) => part !== '*') &&
    rest.every((part, index) => part === request[index]) &&
    missing.every((part) => part === '*' || hasElsewhere(part))
  )
}
