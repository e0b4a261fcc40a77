import { quoteIdentifier } from '../../../database/quote'
import { AuditError, WHERE_TO_SPECIFY_URL } from '../../../errors'
import { phrase, type Phrase } from '../../../text/phrase'

export function migrationIsRunning(holder: string): AuditError {
  return new AuditError('migration-running', {
    what: phrase`Another Prisma Audit migration is running on this database.`,
    why: phrase`The migration lock is held by: ${holder}.`,
    nextStep: phrase`Wait until it has finished, then run the command again. If it was killed, the lock is released within seconds.`,
  })
}

export function transactionPooler(): AuditError {
  return new AuditError('transaction-pooler', {
    what: phrase`Cannot migrate through a connection pooler in transaction mode.`,
    why: phrase`The session, with its advisory lock and timeouts, does not survive between transactions.`,
    nextStep: phrase`Specify a direct connection: \`directUrl\` in the schema, ${WHERE_TO_SPECIFY_URL}.`,
  })
}

export function databaseIsReadOnly(
  reason: keyof typeof WHY_READ_ONLY,
  label: Phrase = phrase`The database`,
): AuditError {
  return new AuditError('database-read-only', {
    what: phrase`${label} is read-only.`,
    why: WHY_READ_ONLY[reason],
    nextStep: phrase`Nothing was changed. ${NEXT_STEP_READ_ONLY[reason]}`,
  })
}

const WHY_READ_ONLY = {
  replica: phrase`The server is a standby, a read replica (pg_is_in_recovery).`,
  session: phrase`The session is read-only (default_transaction_read_only).`,
  marked: phrase`It is marked as read-only, by you or in the policy.`,
  agents: phrase`Agents can only read it.`,
}

const NEXT_STEP_READ_ONLY: Readonly<Record<keyof typeof WHY_READ_ONLY, Phrase>> = {
  replica: phrase`Run it on the primary server: the replica follows.`,
  session: phrase`Connect to the primary server, with a role that can write.`,
  marked: phrase`Only a person can remove the mark: with Set Database Environment, or in the policy.`,
  agents: phrase`A person can run it in a terminal or in VS Code.`,
}

/** `source` as in `pg_settings`. */
export function triggersDoNotFire({ source, role, database }: SettingPlace): AuditError {
  const [user, of] = [quoteIdentifier(role), quoteIdentifier(database)]
  const places: Readonly<Record<string, readonly [why: Phrase, owner: string | null]>> = {
    client: [phrase`It is set by the connection (options in the URL, or PGOPTIONS).`, null],
    user: [phrase`It is set for the role (ALTER ROLE … SET).`, `ROLE ${user}`],
    database: [phrase`It is set for the database (ALTER DATABASE … SET).`, `DATABASE ${of}`],
    'database user': [
      phrase`It is set for the role in this database (ALTER ROLE … IN DATABASE … SET).`,
      `ROLE ${user} IN DATABASE ${of}`,
    ],
    global: [phrase`It is set for all roles (ALTER ROLE ALL SET).`, 'ROLE ALL'],
  }
  const [why, owner] = places[source] ?? [phrase`It is set in the configuration of the server.`, null]
  return new AuditError('triggers-do-not-fire', {
    what: phrase`Triggers do not fire in this session: session_replication_role is "replica". Nothing was changed.`,
    why: phrase`${why} Foreign keys are not checked either, so the migration could not be verified.`,
    nextStep:
      owner === null
        ? phrase`Remove the setting, then run the migration again.`
        : phrase`Remove the setting (ALTER ${owner} RESET session_replication_role), then run the migration again.`,
  })
}

export interface SettingPlace {
  readonly source: string
  /** The role that connected: settings of a later SET ROLE do not apply. */
  readonly role: string
  readonly database: string
}

export function prismaIsMigrating(holder: string): AuditError {
  return new AuditError('prisma-migrating', {
    what: phrase`Prisma is migrating this database.`,
    why: phrase`Prisma's migration lock is held by: ${holder}.`,
    nextStep: phrase`Wait until it has finished, then run this command again to continue.`,
  })
}

/** An event trigger's error, and the statement that it rejected. */
export interface Rejection {
  readonly name: string
  readonly event: string
  /** Including parentheses. */
  readonly functionName: string
  /** `Create index on Lead.ownerId`. */
  readonly what: Phrase
  readonly message: string
  /** Whether it could not find a name, which the application's search path may contain. */
  readonly findsNothing: boolean
}

export function eventTriggerRejects(rejection: Rejection, cause: unknown): AuditError {
  const { name, event, functionName, what, message, findsNothing } = rejection
  const trigger = quoteIdentifier(name)
  const disable = phrase`ALTER EVENT TRIGGER ${trigger} DISABLE. Run the command again, then enable it (… ENABLE).`
  return new AuditError(
    'event-trigger-rejects',
    {
      what: phrase`The event trigger ${trigger} rejects a statement: ${what}.`,
      why: phrase`It runs ${functionName} at ${event}, which raised: ${message}.`,
      nextStep: findsNothing
        ? [
            phrase`Sessions of Prisma Audit look names up in pg_catalog only, so the function must qualify its names: ALTER FUNCTION ${functionName} SET search_path = public.`,
            phrase`Or disable it: ${disable}`,
          ]
        : [phrase`Disable it: ${disable}`],
    },
    { cause },
  )
}
