import type { RequestPolicy } from '../audit-fields/application-policy'
import { within } from '../signals'
import type { SecretValues } from './secret-values'
import { inPlainEnglish, phrase, type Phrase } from '../text/phrase'

/** The session of a login, updated by each answer, because an application may set a new cookie each time. */
export interface Session {
  readonly cookies: Map<string, string>
  readonly token: string | null
  /** Sent with each request that may write. */
  readonly csrf: CsrfToken | null
  readonly problem: Phrase | null
}

export interface CsrfToken {
  readonly header: string
  readonly value: string
  /** The cookie whose present value is the token: a login often changes it. */
  readonly cookie: string | null
}

/** Where all requests of a test go. */
export interface RequestTarget {
  readonly origin: string
  readonly secrets: SecretValues
  readonly signal: AbortSignal
}

export interface Answer {
  /** Null if there is an answer. */
  readonly failure: Phrase | null
  readonly status: number
  /** The target of a redirect, without parts that may be secret. */
  readonly location: string | null
  /** Undefined if it is not JSON; `body` then describes it. */
  readonly json: unknown
  readonly body: Phrase
}

const NO_ANSWER: Answer = {
  failure: null,
  status: 0,
  location: null,
  json: undefined,
  body: phrase`the response has no body`,
}

/**
 * Sends one request with the session's cookies and token, and follows no redirect. Rejects only if the signal aborts.
 */
export async function sendRequest(
  { origin, secrets, signal }: RequestTarget,
  { request, headers, body }: RequestPolicy,
  session: Session,
): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.split(' ')
  const hasBody = body !== undefined && body !== null
  const sent = headersOf(session, headers, { hasBody, mayWrite: method !== 'GET' && method !== 'HEAD' })
  try {
    return await within(REQUEST_TIME, [signal], async (ending) => {
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: sent,
        ...(hasBody ? { body: isForm(sent) ? formOf(body) : JSON.stringify(body) } : {}),
        // A redirect may lead to another host, which must not get the headers.
        redirect: 'manual',
        signal: ending,
      })
      keepCookies(session, response, secrets)
      const text = await readBounded(response)
      return {
        failure: null,
        status: response.status,
        location: redirectOf(response, origin, secrets),
        json: parsed(text),
        body: bodyInShort(text, response.headers.get('content-type'), secrets),
      }
    })
  } catch (error) {
    signal.throwIfAborted()
    return { ...NO_ANSWER, failure: whyNoAnswer(error) }
  }
}

function whyNoAnswer(error: unknown): Phrase {
  if (error instanceof BadResponse) return phrase`no response: ${error.why}`
  if (error instanceof Error && error.name === 'TimeoutError')
    return phrase`no complete response within ${String(REQUEST_TIME / 1000)} s`
  if (!(error instanceof Error)) return phrase`no response: ${String(error)}`
  const { cause } = error
  if (!(cause instanceof Error)) return phrase`no response: ${error.message}`
  // If several addresses were tried (`localhost`), the error has no message, only a code.
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
  return phrase`no response: ${cause.message === '' ? code : cause.message}`
}

class BadResponse extends Error {
  constructor(readonly why: Phrase) {
    super(inPlainEnglish(why))
  }
}

/** The names of the policy's headers may be written in any case: each replaces ours, only cookies come together. */
function headersOf(
  { cookies, token, csrf }: Session,
  given: RequestPolicy['headers'],
  { hasBody, mayWrite }: { readonly hasBody: boolean; readonly mayWrite: boolean },
): Headers {
  const headers = new Headers({ accept: 'application/json' })
  if (hasBody) headers.set('content-type', 'application/json')
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  if (csrf !== null && mayWrite)
    headers.set(csrf.header, (csrf.cookie === null ? null : cookieValue(cookies, csrf.cookie)) ?? csrf.value)
  for (const [name, value] of Object.entries(given)) headers.set(name, value)
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`)
  const ownCookie = headers.get('cookie')
  const sent = [...cookie, ...(ownCookie === null ? [] : [ownCookie])].join('; ')
  if (sent !== '') headers.set('cookie', sent)
  return headers
}

function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') === true
}

function formOf(body: unknown): string {
  const fields = Object.entries(body ?? {}).map(([name, value]): [string, string] => [name, String(value)])
  return new URLSearchParams(fields).toString()
}

/** As the application's own pages read it. */
export function cookieValue(cookies: Session['cookies'], name: string): string | null {
  const value = cookies.get(name)
  if (value === undefined) return null
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

function keepCookies({ cookies }: Session, response: Response, secrets: SecretValues): void {
  for (const line of response.headers.getSetCookie()) {
    const [pair = '', ...attributes] = line.split(';')
    const name = pair.split('=', 1)[0]?.trim() ?? ''
    const isGone = attributes.some((attribute) => {
      const [key = '', value = ''] = attribute.split('=')
      if (/^\s*max-age\s*$/i.test(key)) return Number(value) <= 0
      return /^\s*expires\s*$/i.test(key) && Date.parse(value) <= Date.now()
    })
    const value = pair.slice(pair.indexOf('=') + 1).trim()
    if (isGone) cookies.delete(name)
    else cookies.set(name, value)
    // Shorter ones are settings, such as a language. A CSRF token is sent as it is decoded.
    for (const each of [value, cookieValue(cookies, name) ?? '']) secrets.add(each, 8)
  }
}

function redirectOf({ status, headers }: Response, origin: string, secrets: SecretValues): string | null {
  const target = headers.get('location')
  const location = target === null ? null : secrets.hide(target)
  if (status < 300 || status > 399 || location === null || !URL.canParse(location, origin)) return null
  const url = new URL(location, origin)
  return url.origin === origin ? url.pathname : url.origin
}

function bodyInShort(text: string, type: string | null, secrets: SecretValues): Phrase {
  if (text === '') return NO_ANSWER.body
  const shown = secrets.hide(text.slice(0, SEARCHED_CHARACTERS))
  const start = JSON.stringify(shown.slice(0, SHOWN_CHARACTERS)) + (text.length > SHOWN_CHARACTERS ? '…' : '')
  return phrase`the response is not JSON (${type ?? phrase`no content type`}): ${start}`
}

const SHOWN_CHARACTERS = 60

/** More than is shown, because a secret that starts there may be long. */
const SEARCHED_CHARACTERS = 20_000

/** Milliseconds. */
const REQUEST_TIME = 30_000

const MOST_BYTES = 20_000_000

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength
    if (bytes > MOST_BYTES) throw new BadResponse(phrase`the response is larger than 20 MB`)
    text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  return text
}

function parsed(text: string): unknown {
  if (isNestedDeeper(text, DEEPEST))
    throw new BadResponse(phrase`the response is nested more than ${String(DEEPEST)} levels deep`)
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
