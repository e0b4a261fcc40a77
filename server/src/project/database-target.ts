import type { DatabaseClient } from '../database/connect'
import { readServerIdentity, type ServerIdentity } from '../database/server-identity'
import { readWritesRefused, type WritesRefused } from '../database/takes-writes'
import type { DatabaseStanding } from './database-standing'

/**
 * What a command resolves once: the database, the part that the project uses, and the server's identity at that time.
 */
export interface DatabaseTarget {
  /** The direct URL past a pooler, if the project has one: migrations, backups and proofs connect to it. */
  readonly url: string
  /** `app on localhost:5432` */
  readonly label: string
  readonly schemas: readonly string[]
  readonly defaultSchema: string
  /** The command refuses each connection that leads elsewhere. */
  readonly server: ServerIdentity
  /** The environment of the database, and whether it may be written to. */
  readonly standing: DatabaseStanding
}

/** Before any server was asked for its identity. */
export type TargetPlace = Omit<DatabaseTarget, 'server' | 'standing'>

/** Which server answers, and whether it accepts writes. */
export interface Answering {
  readonly server: ServerIdentity
  /** Null if it accepts writes. */
  readonly writesRefused: WritesRefused | null
}

export async function readAnswering(client: DatabaseClient): Promise<Answering> {
  return { server: await readServerIdentity(client), writesRefused: await readWritesRefused(client) }
}
