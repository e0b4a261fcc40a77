import { compileModelGlob } from '../audit-fields/model-glob'
import type { Policy, PolicyDatabase } from '../audit-fields/policy'
import { isLocalUrl } from '../database/is-local-url'
import { strictestEnvironment, type DatabaseEnvironment, type SaidEnvironment } from '../database/environments'
import { describeUrl } from '../database/describe-url'
import type { ServerIdentity } from '../database/server-identity'
import type { WritesRefused } from '../database/takes-writes'
import { isAnotherServer, knownOf, type KnownDatabase } from './known-databases'
import { inEnglish, type Translate } from '../text/translate'

/** The environment of a database, and whether we may write to it. */
export interface DatabaseStanding {
  /** Null for a remote database whose environment is not set. */
  readonly environment: DatabaseEnvironment | null
  /**
   * Why nothing is written to it; null if it is writable. `marked`: by a person or the policy; `agents`: an agent uses
   * it.
   */
  readonly readOnly: WritesRefused | 'marked' | 'agents' | null
}

export interface StandingFacts {
  readonly url: string
  /** Null before the first connection. */
  readonly server: ServerIdentity | null
  readonly writesRefused: WritesRefused | null
  readonly policy: Pick<Policy, 'databases'> | null
  readonly known: readonly KnownDatabase[]
  /** By a terminal option, for this run only. */
  readonly chosen: SaidEnvironment | null
  readonly isSandbox: boolean
}

/**
 * The strictest of all settings counts, and a read-only mark applies no matter who set it. So a policy in a repository
 * can raise the protection that the user has set, but never lower it. A database on this machine is local unless it is
 * known under another name: a tunnel does not change what it is.
 */
export function databaseStanding(facts: StandingFacts): DatabaseStanding {
  const { url, server, writesRefused, policy, known, chosen, isSandbox } = facts
  if (isSandbox) return { environment: 'sandbox', readOnly: null }
  const declared = (policy?.databases ?? []).filter((each) => isDeclared(each, url))
  const { here, elsewhere } = knownOf(known, { url, server })
  const isLocal = isLocalUrl(url)
  // If the name now leads to another server, strict settings still apply, and others are asked for again.
  const isTrusted = here !== null && (here.environment === 'production' || !isAnotherServer(here, server))
  const said = [
    chosen,
    ...declared.map(({ environment }) => environment),
    ...(isTrusted ? [here.environment] : []),
    ...(isLocal ? elsewhere.map(({ environment }) => environment) : []),
  ]
  // A copy of a data folder has the identifier of the original, so a remote name counts only for itself.
  const marks = isLocal || here === null ? [here, ...elsewhere] : [here]
  const isMarked = [...declared, ...marks].some((each) => each?.readOnly === true)
  return {
    environment: strictestEnvironment<DatabaseEnvironment>([isLocal ? 'local' : null, ...said]),
    readOnly: isMarked ? 'marked' : writesRefused,
  }
}

/** `production, read-only`; `remote` if the environment is not set. */
export function standingWords({ environment, readOnly }: DatabaseStanding, t: Translate = inEnglish): string {
  const word = {
    local: t('local'),
    sandbox: t('sandbox'),
    development: t('development'),
    staging: t('staging'),
    production: t('production'),
    remote: t('remote'),
  }[environment ?? 'remote']
  return readOnly === null ? word : t('{0}, read-only', word)
}

function isDeclared({ host, port, database }: PolicyDatabase, url: string): boolean {
  const place = describeUrl(url)
  // This machine has several names, and another one in the URL changes nothing.
  const hosts = [place.host.toLowerCase(), ...(isLocalUrl(url) ? ['localhost', '127.0.0.1', '::1'] : [])]
  return (
    (host === null || hosts.some((each) => matches(host.toLowerCase(), each))) &&
    (port === null || String(port) === place.port) &&
    (database === null || matches(database, place.database))
  )
}

/** A pattern that is too large matches everything, so what it was meant to protect is protected. */
function matches(pattern: string, name: string): boolean {
  return compileModelGlob(pattern)?.(name) ?? true
}
