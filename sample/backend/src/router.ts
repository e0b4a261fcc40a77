import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Sessions, SessionUser } from './sessions'

/** What a route is given. */
export interface RouteRequest {
  /** The part of the path that `:id` stands for; NaN where the route has none. */
  readonly id: number
  /** The JSON that was sent; an empty object where there was none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly user: SessionUser
}

/** What a route answers is sent as JSON; undefined is "not found". */
export type Routes = Readonly<Record<string, (request: RouteRequest) => Promise<unknown>>>

/** Does the work of a request in the name of its user. */
export type AsUser = (user: SessionUser, work: () => Promise<unknown>) => Promise<unknown>

/** The same routes, for administrators. */
export function adminsOnly(routes: Routes): Routes {
  const guarded = Object.entries(routes).map(([name, route]) => {
    const answer: Routes[string] = (request) => {
      if (request.user.role !== 'admin') throw new Forbidden()
      return route(request)
    }
    return [name, answer]
  })
  return Object.fromEntries(guarded) as Routes
}

class Forbidden extends Error {}

/** Serves routes that are keyed by method and path, as in `GET /admin/users`, to those who are logged in. */
export function createRouter(routes: Routes, sessions: Sessions, asUser: AsUser): RequestListener {
  return (request, response) => {
    answer(routes, sessions, asUser, request, response).catch((error: unknown) => {
      if (error instanceof Forbidden) {
        send(response, 403, { error: 'Administrators only' })
        return
      }
      console.error(error)
      send(response, 500, { error: 'Internal server error' })
    })
  }
}

async function answer(
  routes: Routes,
  sessions: Sessions,
  asUser: AsUser,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const body = await readBody(request)
  if (body === null) {
    send(response, 400, { error: 'The body is not JSON' })
    return
  }
  if (request.method === 'POST' && path === '/login') {
    await logIn(sessions, body, response)
    return
  }
  const id = /\/(\d+)$/.exec(path)?.[1]
  const route = routes[`${request.method ?? 'GET'} ${id === undefined ? path : path.replace(/\d+$/, ':id')}`]
  if (route === undefined) {
    send(response, 404, { error: 'Not found' })
    return
  }
  const user = sessions.find(/(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
  if (user === null) {
    send(response, 401, { error: 'Log in first' })
    return
  }
  const found = await asUser(user, () => route({ id: Number(id), body, user }))
  if (found === undefined) send(response, 404, { error: 'Not found' })
  else send(response, 200, found)
}

async function logIn(
  sessions: Sessions,
  { email, password }: Readonly<Record<string, unknown>>,
  response: ServerResponse,
): Promise<void> {
  const key = typeof email === 'string' && typeof password === 'string' ? await sessions.logIn(email, password) : null
  if (key === null) {
    send(response, 401, { error: 'Wrong address or password' })
    return
  }
  response.setHeader('set-cookie', `session=${key}; HttpOnly; SameSite=Strict; Path=/`)
  send(response, 200, { email })
}

/** Null where it is no JSON object. */
async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | null> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > 100_000) return null
  }
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}
