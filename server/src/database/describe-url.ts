import { inPlainEnglish, phrase, phraseIn, type Phrase } from '../text/phrase'
import type { EnglishText } from '../text/english-text'
import type { Translate } from '../text/translate'

/** The parts of a connection URL that may be shown: everything except the password. */
export interface DescribedUrl {
  readonly database: string
  readonly host: string
  readonly port: string
  readonly user: string
  /** `app on localhost:5432`. */
  readonly label: EnglishText
  /** The label as a phrase, for errors. */
  readonly named: Phrase
}

/** Never throws: anything else is `an unreadable URL`. */
export function describeUrl(url: string): DescribedUrl {
  const parsed = parseUrl(url)
  if (parsed === null) {
    const named = phrase`the database of an unreadable URL`
    return { database: '', host: '', port: '', user: '', label: inPlainEnglish(named), named }
  }
  const parameter = (name: string) => parsed.searchParams.get(name) ?? ''
  const host = parameter('host') || decode(parsed.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'
  const port = parameter('port') || parsed.port || '5432'
  const user = parameter('user') || decode(parsed.username)
  const database = parameter('dbname') || decode(parsed.pathname.replace(/^\//, '')) || user
  const place = host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`
  const named = database === '' ? phrase`${place}` : phrase`${database} on ${place}`
  return { database, host, port, user, label: inPlainEnglish(named), named }
}

/** `app on localhost:5432` in the language of the user. */
export function labelIn(t: Translate, { url }: { readonly url: string }): string {
  return phraseIn(t, describeUrl(url).named)
}

/**
 * Removes the URL and its password from a text, as written and decoded. A password that equals the name of the role,
 * the database or the host is not secret, and without the name the text would be useless.
 */
export function redact(text: string, url: string): string {
  const { user, database, host } = describeUrl(url)
  let clean = text
  for (const secret of secretsOf(url)) {
    if (![user, database, host].includes(secret)) clean = clean.replaceAll(secret, '*****')
  }
  return withoutUrlPasswords(clean)
}

/**
 * Anything that looks like a URL with a password, or like one of its parameters. An unencoded password may contain `@`:
 * the last one ends it.
 */
export function withoutUrlPasswords(text: string): string {
  const clean = text.replace(/\b((?:ssl)?password=)[^\s&'"<>]+/gi, '$1*****')
  if (!clean.includes('://')) return clean
  return clean.replace(/(\b[a-z][a-z0-9+]{0,30}:\/\/[^\s:@/"'<>]{0,300}):[^\s"'<>]{1,1000}@/gi, '$1:*****@')
}

/** The password and other secrets of a URL, in each possible form; the longest first. */
export function secretsOf(url: string): string[] {
  const parsed = parseUrl(url)
  const written = /^[a-z][a-z0-9+]*:\/\/[^:@/]*:(.*)@/i.exec(url)?.[1]
  const candidates = [
    ...[written, parsed?.password, decode(parsed?.password ?? ''), decode(written ?? '')],
    ...['password', 'sslpassword', 'api_key'].map((name) => parsed?.searchParams.get(name)),
  ]
  const plain = candidates.filter((secret): secret is string => typeof secret === 'string')
  const secrets = [...plain, ...plain.map(encode)].filter((secret) => secret.length > 2)
  // The longest first, so that no part of one remains if another is its prefix.
  return [...new Set(secrets)].sort((a, b) => b.length - a.length)
}

function parseUrl(url: string): URL | null {
  const whole = url.trim()
  for (const candidate of [whole, whole.replace('@/', '@localhost/')]) {
    if (URL.canParse(candidate)) return new URL(candidate)
  }
  return null
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // A lone surrogate, which a URL cannot contain.
    return text
  }
}
