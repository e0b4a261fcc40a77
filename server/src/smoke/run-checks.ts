import type { ApplicationPolicy, CsrfPolicy, LoginPolicy, SmokeCheckPolicy } from '../audit-fields/application-policy'
import { unmetExpectations } from './expectations'
import { SecretValues } from './secret-values'
import { cookieValue, sendRequest, type CsrfToken, type RequestTarget, type Session } from './send-request'
import { phrase, phraseIn, type Phrase } from '../text/phrase'
import { inEnglish, type Translate } from '../text/translate'

export interface SmokeResult {
  /** The name in the policy, otherwise the request. */
  readonly name: string
  readonly request: string
  /** Null without an answer. */
  readonly status: number | null
  /** What is wrong, in the reader's words; empty for a check that passed. */
  readonly problems: readonly string[]
  readonly milliseconds: number
}

export interface RunningOptions {
  /** Why an application that we started no longer answers; empty while it runs. */
  readonly whyGone?: () => Promise<readonly (string | Phrase)[]>
  /** Values in the requests that no result may show; the logins add theirs. */
  readonly secrets?: SecretValues
  readonly t?: Translate
}

/**
 * Runs the checks one after the other in the policy's order, because one may read what an earlier one changed.
 */
export async function runChecks(
  application: ApplicationPolicy,
  signal: AbortSignal,
  { whyGone = () => Promise.resolve([]), secrets = new SecretValues(), t = inEnglish }: RunningOptions = {},
): Promise<SmokeResult[]> {
  const target = { origin: new URL(application.ready).origin, secrets, signal }
  const sessions = new Map<LoginPolicy, Promise<Session>>()
  const results: SmokeResult[] = []
  const said = (problem: string | Phrase): string =>
    secrets.hide(typeof problem === 'string' ? problem : phraseIn(t, problem))
  let gone: readonly (string | Phrase)[] = []
  for (const check of application.checks) {
    signal.throwIfAborted()
    const named = { name: secrets.hide(check.name ?? check.request), request: secrets.hide(check.request) }
    const [ended] = gone
    if (ended !== undefined) {
      // Its last lines stand at the check that it ended in.
      results.push({ ...named, status: null, problems: [phraseIn(t, phrase`not sent: ${ended}`)], milliseconds: 0 })
      continue
    }
    const start = performance.now()
    const { status, problems } = await runCheck(target, check, sessionFor(application, check, sessions, target))
    const milliseconds = Math.round(performance.now() - start)
    if (status === null) gone = await whyGone()
    results.push({ ...named, status, problems: [...problems, ...gone].map(said), milliseconds })
  }
  return results
}

const NO_SESSION: Omit<Session, 'cookies'> = { token: null, csrf: null, problem: null }

async function sessionFor(
  application: ApplicationPolicy,
  check: SmokeCheckPolicy,
  sessions: Map<LoginPolicy, Promise<Session>>,
  target: RequestTarget,
): Promise<Session> {
  const login = check.login === false ? null : (check.login ?? application.login)
  if (login === null) return { ...NO_SESSION, cookies: new Map() }
  // The checks of one user share a session.
  const known = [...sessions].find(([other]) => JSON.stringify(other) === JSON.stringify(login))?.[1]
  const session = known ?? logIn(target, login)
  if (known === undefined) sessions.set(login, session)
  return await session
}

async function logIn(target: RequestTarget, login: LoginPolicy): Promise<Session> {
  const session = { ...NO_SESSION, cookies: new Map<string, string>() }
  const failed = (problem: Phrase): Session => ({ ...session, problem })
  const { request } = login
  const csrf = login.csrf === null ? NO_CSRF : await csrfTokenOf(target, login.csrf, session)
  if (csrf.problem !== null) return failed(csrf.problem)
  const { fields, token: csrfToken } = csrf
  const body = fields === null ? login.body : { ...(login.body as object | undefined), ...fields }
  const answer = await sendRequest(target, { ...login, body }, { ...session, csrf: csrfToken })
  if (answer.failure !== null) return failed(phrase`the login ${request} got ${answer.failure}`)
  if (answer.status >= 400) return failed(phrase`the login ${request} responded with ${String(answer.status)}`)
  const token = login.token === null ? null : tokenAt(answer.json, login.token)
  if (login.token !== null && token === null) {
    return failed(
      answer.json === undefined
        ? phrase`the login ${request} returned another response: ${answer.body}`
        : phrase`the login ${request} has no ${login.token} in its response`,
    )
  }
  if (token !== null) target.secrets.add(token)
  return { ...session, token, csrf: csrfToken }
}

interface CsrfAnswer {
  readonly problem: Phrase | null
  /** What the body of the login also has. */
  readonly fields: Readonly<Record<string, string>> | null
  readonly token: CsrfToken | null
}

const NO_CSRF: CsrfAnswer = { problem: null, fields: null, token: null }

/** The request before the login; its cookies stay, because the application compares the token with them. */
async function csrfTokenOf(
  target: RequestTarget,
  { request, token, cookie, header, field }: CsrfPolicy,
  session: Session,
): Promise<CsrfAnswer> {
  const answer = await sendRequest(target, { request, headers: {}, body: undefined }, session)
  if (answer.failure !== null) return { ...NO_CSRF, problem: phrase`${request} got ${answer.failure}` }
  const value = cookie === null ? tokenAt(answer.json, token ?? '') : cookieValue(session.cookies, cookie)
  if (value === null) {
    const problem = phrase`${request} responded with ${String(answer.status)} and no CSRF token (${cookie ?? token ?? ''})`
    return { ...NO_CSRF, problem }
  }
  target.secrets.add(value, 8)
  return {
    problem: null,
    fields: field === null ? null : { [field]: value },
    token: header === null ? null : { header, value, cookie },
  }
}

async function runCheck(
  target: RequestTarget,
  check: SmokeCheckPolicy,
  loggedIn: Promise<Session>,
): Promise<{ readonly status: number | null; readonly problems: readonly Phrase[] }> {
  const session = await loggedIn
  if (session.problem !== null) return { status: null, problems: [session.problem] }
  const answer = await sendRequest(target, check, session)
  if (answer.failure !== null) return { status: null, problems: [answer.failure] }
  const { status } = answer
  const isExpected = check.status === null ? status >= 200 && status < 300 : status === check.status
  if (!isExpected) {
    const expected = check.status === null ? phrase`200 to 299` : String(check.status)
    const problem =
      answer.location === null
        ? phrase`responded with ${String(status)}, expected ${expected}`
        : phrase`responded with ${String(status)} to ${answer.location}, expected ${expected}`
    return { status, problems: [problem] }
  }
  if (check.expect.length === 0) return { status, problems: [] }
  if (answer.json === undefined) return { status, problems: [answer.body] }
  return { status, problems: unmetExpectations(answer.json, check.expect, (text) => target.secrets.hide(text)) }
}

function tokenAt(json: unknown, path: string): string | null {
  let value = json
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return typeof value === 'string' ? value : null
}
