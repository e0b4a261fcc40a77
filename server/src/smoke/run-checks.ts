import type {
  ApplicationPolicy,
  LoginPolicy,
  RequestPolicy,
  SmokeCheckPolicy,
} from '../audit-fields/application-policy'
import { unmetExpectations } from './expectations'
import { within } from '../signals'

export interface SmokeResult {
  /** The name in the policy, otherwise the request. */
  readonly name: string
  readonly request: string
  /** Null without an answer. */
  readonly status: number | null
  /** What is wrong, in words; empty for a check that passed. */
  readonly problems: readonly string[]
  readonly milliseconds: number
}

/**
 * Runs the checks one after the other in the policy's order, because one may read what an earlier one changed.
 * `whyGone` says why an application that we started no longer answers; it is empty while that runs.
 */
export async function runChecks(
  application: ApplicationPolicy,
  signal: AbortSignal,
  whyGone: () => Promise<readonly string[]> = () => Promise.resolve([]),
): Promise<SmokeResult[]> {
  const { origin } = new URL(application.ready)
  const sessions = new Map<LoginPolicy, Promise<Session>>()
  const results: SmokeResult[] = []
  let gone: readonly string[] = []
  for (const check of application.checks) {
    signal.throwIfAborted()
    const named = { name: check.name ?? check.request, request: check.request }
    const [ended] = gone
    if (ended !== undefined) {
      // Its last lines stand at the check that it ended in.
      results.push({ ...named, status: null, problems: [`not sent: ${ended}`], milliseconds: 0 })
      continue
    }
    const start = performance.now()
    const { status, problems } = await runCheck(
      origin,
      check,
      sessionFor(application, check, sessions, origin, signal),
      signal,
    )
    const milliseconds = Math.round(performance.now() - start)
    if (status === null) gone = await whyGone()
    results.push({ ...named, status, problems: [...problems, ...gone], milliseconds })
  }
  return results
}

/** The session of a login, updated by each answer, because an application may set a new cookie each time. */
interface Session {
  readonly cookies: Map<string, string>
  readonly token: string | null
  readonly problem: string | null
}

const NO_SESSION: Omit<Session, 'cookies'> = { token: null, problem: null }

async function sessionFor(
  application: ApplicationPolicy,
  check: SmokeCheckPolicy,
  sessions: Map<LoginPolicy, Promise<Session>>,
  origin: string,
  signal: AbortSignal,
): Promise<Session> {
  const login = check.login === false ? null : (check.login ?? application.login)
  if (login === null) return { ...NO_SESSION, cookies: new Map() }
  // The checks of one user share a session.
  const known = [...sessions].find(([other]) => JSON.stringify(other) === JSON.stringify(login))?.[1]
  const session = known ?? logIn(origin, login, signal)
  if (known === undefined) sessions.set(login, session)
  return await session
}

async function logIn(origin: string, login: LoginPolicy, signal: AbortSignal): Promise<Session> {
  const session = { ...NO_SESSION, cookies: new Map<string, string>() }
  const failed = (why: string): Session => ({ ...session, problem: `the login ${login.request} ${why}` })
  const answer = await send(origin, login, session, signal)
  if (answer.failure !== null) return failed(`got ${answer.failure}`)
  if (answer.status >= 400) return failed(`responded with ${String(answer.status)}`)
  const token = login.token === null ? null : tokenAt(answer.json, login.token)
  if (login.token !== null && token === null) {
    return failed(
      answer.json === undefined ? `returned another response: ${answer.body}` : `has no ${login.token} in its response`,
    )
  }
  return { ...session, token }
}

async function runCheck(
  origin: string,
  check: SmokeCheckPolicy,
  loggedIn: Promise<Session>,
  signal: AbortSignal,
): Promise<Pick<SmokeResult, 'status' | 'problems'>> {
  const session = await loggedIn
  if (session.problem !== null) return { status: null, problems: [session.problem] }
  const answer = await send(origin, check, session, signal)
  if (answer.failure !== null) return { status: null, problems: [answer.failure] }
  const { status } = answer
  const isExpected = check.status === null ? status >= 200 && status < 300 : status === check.status
  if (!isExpected) {
    const to = answer.location === null ? '' : ` to ${answer.location}`
    return {
      status,
      problems: [`responded with ${String(status)}${to}, expected ${String(check.status ?? '200 to 299')}`],
    }
  }
  if (check.expect.length === 0) return { status, problems: [] }
  if (answer.json === undefined) return { status, problems: [answer.body] }
  return { status, problems: unmetExpectations(answer.json, check.expect) }
}

interface Answer {
  /** Null if there is an answer. */
  readonly failure: string | null
  readonly status: number
  /** The target of a redirect, without parts that may be secret. */
  readonly location: string | null
  /** Undefined if it is not JSON; `body` then describes it. */
  readonly json: unknown
  readonly body: string
}

const NO_ANSWER: Answer = { failure: null, status: 0, location: null, json: undefined, body: '' }

async function send(
  origin: string,
  { request, headers, body }: RequestPolicy,
  session: Session,
  signal: AbortSignal,
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ')
  const hasBody = body !== undefined && body !== null
  try {
    return await within(REQUEST_TIME, [signal], async (ending) => {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(hasBody ? { 'content-type': 'application/json' } : {}),
          ...sessionHeaders(session),
          ...headers,
        },
        ...(hasBody ? { body: JSON.stringify(body) } : {}),
        // A redirect may lead to another host, which must not get the headers.
        redirect: 'manual',
        signal: ending,
      })
      keepCookies(session, response)
      const text = await readBounded(response)
      return {
        failure: null,
        status: response.status,
        location: redirectOf(response, origin),
        json: parsed(text),
        body: bodyInShort(text, response.headers.get('content-type')),
      }
    })
  } catch (error) {
    signal.throwIfAborted()
    return { ...NO_ANSWER, failure: whyNoAnswer(error) }
  }
}

function whyNoAnswer(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no complete response within ${String(REQUEST_TIME / 1000)} s`
  if (!(error instanceof Error)) return `no response: ${String(error)}`
  const { cause } = error
  if (!(cause instanceof Error)) return `no response: ${error.message}`
  // If several addresses were tried (`localhost`), the error has no message, only a code.
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
  return `no response: ${cause.message === '' ? code : cause.message}`
}

function sessionHeaders({ cookies, token }: Session): Record<string, string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    ...(cookie === '' ? {} : { cookie }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
}

function keepCookies({ cookies }: Session, response: Response): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const name = pair.split('=', 1)[0]?.trim() ?? ''
    const isGone = attributes.some((attribute) => {
      const [key = '', value = ''] = attribute.split('=')
      if (/^\s*max-age\s*$/i.test(key)) return Number(value) <= 0
      return /^\s*expires\s*$/i.test(key) && Date.parse(value) <= Date.now()
    })
    if (isGone) cookies.delete(name)
    else cookies.set(name, pair.slice(pair.indexOf('=') + 1).trim())
  }
}

function redirectOf({ status, headers }: Response, origin: string): string | null {
  const location = headers.get('location')
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, origin)) return null
  const url = new URL(location, origin)
  return url.origin === origin ? url.pathname : url.origin
}

function bodyInShort(text: string, type: string | null): string {
  if (text === '') return 'the response has no body'
  const start = JSON.stringify(text.slice(0, SHOWN_CHARACTERS)) + (text.length > SHOWN_CHARACTERS ? '…' : '')
  return `the response is not JSON (${type ?? 'no content type'}): ${start}`
}

const SHOWN_CHARACTERS = 60

/** Milliseconds. */
const REQUEST_TIME = 30_000

const MOST_BYTES = 20_000_000

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength
    if (bytes > MOST_BYTES) throw new Error('the response is larger than 20 MB')
    text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  return text
}

function parsed(text: string): unknown {
  if (isNestedDeeper(text, DEEPEST)) throw new Error(`the response is nested more than ${DEEPEST} levels deep`)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Comparing and printing a value recurse as deep as it is nested, and JSON.parse accepts millions of levels. */
const DEEPEST = 1000

function isNestedDeeper(text: string, most: number): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') isString = !isString
    else if (isString && character === '\\') at++
    else if (isString) continue
    else if (character === '[' || character === '{') depth++
    else if (character === ']' || character === '}') depth--
    if (depth > most) return true
  }
  return false
}

function tokenAt(json: unknown, path: string): string | null {
  let value = json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return typeof value === 'string' ? value : null
}
