import type { Policy } from '../audit-fields/policy'
import type { SaidEnvironment } from '../database/environments'
import type { ServerIdentity } from '../database/server-identity'
import { AuditError } from '../errors'
import { isProtected } from './declared-databases'
import { databaseStanding, type DatabaseStanding } from './database-standing'
import { knownOf, readKnownDatabases, writeKnownDatabase, type KnownDatabase } from './known-databases'
import type { Answering } from './database-target'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface StandingsOptions {
  readonly environment: EnvironmentVariables
  policy(): Policy | null
  chosen(): SaidEnvironment | null
  isSandbox(url: string): boolean
}

/** The environments of a project's databases, from all sources. */
export class Standings {
  private latest: { readonly key: readonly unknown[]; readonly standing: DatabaseStanding | null } | null = null

  constructor(private readonly options: StandingsOptions) {}

  /** Throws `known-databases-invalid`: all settings must be known before anything is written. */
  of(
    url: string,
    answering: Answering,
    policy: Pick<Policy, 'databases'> | null = this.options.policy(),
  ): DatabaseStanding {
    return this.standing(url, answering, readKnownDatabases(this.options.environment), policy)
  }

  /**
   * Whether what policies and the user say about the URL closes the database to agents; also if that cannot be read.
   * `answering` is null before the server has answered.
   */
  isProtected(url: string, answering: Answering | null, policy = this.options.policy()): boolean {
    const standing = this.tryStanding(url, answering, policy)
    return standing === null || isProtected(standing)
  }

  /** For display: null if unknown. The user's settings are read again when `moment` changes. */
  shown(url: string | null, answering: Answering | null, moment: unknown): DatabaseStanding | null {
    const key = [url, answering, this.options.policy(), this.options.chosen(), moment]
    if (this.latest?.key.every((each, index) => each === key[index]) !== true) {
      this.latest = { key, standing: url === null ? null : this.tryStanding(url, answering) }
    }
    return this.latest.standing
  }

  /** The user's settings for a database. */
  said(database: {
    readonly url: string
    readonly server: ServerIdentity
  }): Pick<KnownDatabase, 'environment' | 'readOnly'> {
    const { here, elsewhere } = knownOf(readKnownDatabases(this.options.environment), database)
    return here ?? elsewhere[0] ?? { environment: null, readOnly: false }
  }

  /** Saves the user's settings for a database, for all projects. */
  say(
    database: { readonly url: string; readonly server: ServerIdentity },
    said: Pick<KnownDatabase, 'environment' | 'readOnly'>,
  ): void {
    writeKnownDatabase(database, said, this.options.environment)
    this.latest = null
  }

  private tryStanding(
    url: string,
    answering: Answering | null,
    policy: Policy | null = this.options.policy(),
  ): DatabaseStanding | null {
    try {
      return this.standing(url, answering, readKnownDatabases(this.options.environment), policy)
    } catch (error) {
      if (error instanceof AuditError) return null
      throw error
    }
  }

  private standing(
    url: string,
    answering: Answering | null,
    known: readonly KnownDatabase[],
    policy: Pick<Policy, 'databases'> | null = this.options.policy(),
  ): DatabaseStanding {
    const { server = null, writesRefused = null } = answering ?? {}
    return databaseStanding({
      ...{ url, server, writesRefused, known, policy },
      chosen: this.options.chosen(),
      isSandbox: this.options.isSandbox(url),
    })
  }
}
