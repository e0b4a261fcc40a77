import type { Policy, PolicyDatabase } from '../audit-fields/policy'
import type { ServerIdentity } from '../database/server-identity'

/**
 * What policies have said about databases since the server started, and the protected databases that answered. An agent can edit a
 * policy and a URL, so what was protected stays protected, also under another name.
 */
export class DeclaredDatabases {
  private readonly entries = new Map<string, PolicyDatabase>()
  private readonly answered = new Set<string>()

  add(policy: Policy | null): void {
    for (const entry of policy?.databases ?? []) this.entries.set(JSON.stringify(entry), entry)
  }

  protect(server: ServerIdentity): void {
    this.answered.add(keyOf(server))
  }

  isProtected(server: ServerIdentity): boolean {
    return this.answered.has(keyOf(server))
  }

  get all(): readonly PolicyDatabase[] {
    return [...this.entries.values()]
  }
}

/** Not by its address: that is what another name changes. */
function keyOf({ systemIdentifier, databaseOid, address, port }: ServerIdentity): string {
  return systemIdentifier === null ? `${address}:${port}/${databaseOid}` : `${systemIdentifier}/${databaseOid}`
}
