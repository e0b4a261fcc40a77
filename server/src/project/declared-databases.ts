import type { Policy, PolicyDatabase } from '../audit-fields/policy'

/**
 * What policies have said about databases since the server started. An agent can edit a policy, so what an entry protected stays
 * protected.
 */
export class DeclaredDatabases {
  private readonly entries = new Map<string, PolicyDatabase>()

  add(policy: Policy | null): void {
    for (const entry of policy?.databases ?? []) this.entries.set(JSON.stringify(entry), entry)
  }

  get all(): readonly PolicyDatabase[] {
    return [...this.entries.values()]
  }
}
