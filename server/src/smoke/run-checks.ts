import type {
  ApplicationPolicy,
  LoginPolicy,
  RequestPolicy,
  SmokeCheckPolicy,
} from '../audit-fields/application-policy'
import { unmetExpectations } from './expectations'

export interface SmokeResult {
  /** What the policy calls it, else its request. */
  readonly name: string
  readonly request: string
  /** Null where nothing answered. */
  readonly status: number | null
  /** What is wrong, in words; empty for a check that passed. */
  readonly problems: readonly string[]
  readonly milliseconds: number
}

/** Runs the checks one after the other, as the policy orders them: a later one may read what an earlier one changed. */
export async function runChecks(application: ApplicationPolicy, signal: AbortSignal): Promise<SmokeResult[]> {
  const { origin } = new URL(application.ready)
  const sessions = new Map<LoginPolicy, Promise<Session>>()
  const results: SmokeResult[] = []
  for (const check of application.checks) {
    signal.throwIfAborted()
    const start = performance.now()
    const { status, problems } = await runCheck(
      origin,
      check,
      sessionFor(application, check, sessions, origin, signal),
      signal,
    )
    const milliseconds = Math.round(performance.now() - start)
    results.push({ name: check.name ?? check.request, request: check.request, status, problems, milliseconds })
  }
  return results
}

/** What a login gave. */
interface Session {
  readonly headers: Readonly<Record<string, string>>
  readonly problem: string | null
}

async function sessionFor(
  application: ApplicationPolicy,
  check: SmokeCheckPolicy,
  sessions: Map<LoginPolicy, Promise<Session>>,
  origin: string,
  signal: AbortSignal,
): Promise<Session> {
  const login = check.login === false ? null : (check.login ?? application.login)
  if (login === null) return { headers: {}, problem: null }
  // One user's checks share one session.
  const known = [...sessions].find(([other]) => JSON.stringify(other) === JSON.stringify(login))?.[1]
  const session = known ?? logIn(origin, login, signal)
  if (known === undefined) sessions.set(login, session)
  return await session
}

async function logIn(origin: string, login: LoginPolicy, signal: AbortSignal): Promise<Session> {
  const failed = (why: string): Session => ({ headers: {}, problem: `the login ${login.request} ${why}` })
  const answer = await send(origin, login, {}, signal)
  if (answer.failure !== null) return failed(answer.failure)
  if (answer.status >= 400) return failed(`answered ${String(answer.status)}`)
  const cookie = answer.cookies.map((each) => each.split(';')[0] ?? '').join('; ')
  const token = login.token === null ? null : tokenAt(answer.json, login.token)
  if (login.token !== null && token === null) return failed(`has no ${login.token} in its answer`)
  return {
    headers: {
      ...(cookie === '' ? {} : { cookie }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    problem: null,
  }
}

async function runCheck(
  origin: string,
  check: SmokeCheckPolicy,
  session: Promise<Session>,
  signal: AbortSignal,
): Promise<Pick<SmokeResult, 'status' | 'problems'>> {
  const { headers, problem } = await session
  if (problem !== null) return { status: null, problems: [problem] }
  const answer = await send(origin, check, headers, signal)
  if (answer.failure !== null) return { status: null, problems: [answer.failure] }
  const isExpected =
    check.status === null ? answer.status >= 200 && answer.status < 300 : answer.status === check.status
  if (!isExpected) {
    return {
      status: answer.status,
      problems: [`answered ${String(answer.status)}, expected ${String(check.status ?? '200 to 299')}`],
    }
  }
  if (check.expect.length === 0) return { status: answer.status, problems: [] }
  if (answer.json === undefined) return { status: answer.status, problems: ['the answer is not JSON'] }
  return { status: answer.status, problems: unmetExpectations(answer.json, check.expect) }
}

interface Answer {
  /** Null where there is an answer. */
  readonly failure: string | null
  readonly status: number
  readonly cookies: readonly string[]
  /** Undefined where it is not JSON. */
  readonly json: unknown
}

async function send(
  origin: string,
  { request, headers, body }: RequestPolicy,
  session: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ')
  const hasBody = body !== undefined && body !== null
  try {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...session,
        ...headers,
      },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
      // A redirect may lead to another machine, which gets none of the headers.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIME)]),
    })
    const text = await readBounded(response)
    return { failure: null, status: response.status, cookies: response.headers.getSetCookie(), json: parsed(text) }
  } catch (error) {
    signal.throwIfAborted()
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    return { failure: `no answer: ${cause}`, status: 0, cookies: [], json: undefined }
  }
}

/** Milliseconds. */
const REQUEST_TIME = 30_000

const MOST_BYTES = 20_000_000

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength
    if (bytes > MOST_BYTES) throw new Error('the answer is larger than 20 MB')
    text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function tokenAt(json: unknown, path: string): string | null {
  let value = json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return typeof value === 'string' ? value : null
}
