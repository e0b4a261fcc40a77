import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** What a route answers is sent as JSON. */
export type Routes = Readonly<Record<string, () => Promise<unknown>>>

/** Serves routes that are keyed by method and path, as in `GET /admin/users`. */
export function createRouter(routes: Routes): RequestListener {
  return (request, response) => {
    void answer(routes, request, response)
  }
}

async function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const route = routes[`${request.method ?? 'GET'} ${path}`]
  if (route === undefined) {
    send(response, 404, { error: 'Not found' })
    return
  }
  try {
    send(response, 200, await route())
  } catch (error) {
    console.error(error)
    send(response, 500, { error: 'Internal server error' })
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}
