import type { Policy, PolicyDatabase } from '../audit-fields/policy'
import { describeUrl } from '../database/describe-url'
import type { ServerIdentity } from '../database/server-identity'
import type { DatabaseStanding } from './database-standing'

/**
 * What policies have said about databases since the server started, and the protected databases that answered. An agent
 * can edit a policy and a URL, so what was protected stays protected, also under another name.
 */
export class DeclaredDatabases {
  private readonly entries = new Map<string, PolicyDatabase>()
  private readonly answered = new Set<string>()
  /** Places of protected databases whose server has not answered yet. */
  private readonly expected = new Set<string>()

  add(policy: Policy | null): void {
    for (const entry of policy?.databases ?? []) this.entries.set(JSON.stringify(entry), entry)
  }

  /** A protected database, by the URL that leads to it now; `server` is null until it has answered. */
  protect(url: string, server: ServerIdentity | null): void {
    if (server === null) {
      this.expected.add(placeOf(url))
      return
    }
    this.expected.delete(placeOf(url))
    this.answered.add(keyOf(server))
  }

  isProtected(server: ServerIdentity): boolean {
    return this.answered.has(keyOf(server))
  }

  /**
   * Whether a protected database at another place has not answered, so that the URL may lead to it under another name.
   */
  mayHide(url: string): boolean {
    return [...this.expected].some((place) => place !== placeOf(url))
  }

  get all(): readonly PolicyDatabase[] {
    return [...this.entries.values()]
  }
}

/** Whether agents never write there, whoever said so. */
export function isProtected({ environment, readOnly }: DatabaseStanding): boolean {
  return environment === 'production' || readOnly === 'marked'
}

function placeOf(url: string): string {
  const { host, port, database } = describeUrl(url)
  return JSON.stringify([host.toLowerCase(), port, database])
}

/** Not by its address: that is what another name changes. */
function keyOf({ systemIdentifier, databaseOid, address, port }: ServerIdentity): string {
  return systemIdentifier === null ? `${address}:${port}/${databaseOid}` : `${systemIdentifier}/${databaseOid}`
}
