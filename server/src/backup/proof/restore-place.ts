import { withClient } from '../../database/connect'
import { describeUrl } from '../../database/describe-url'
import { isTransactionPooled } from '../../database/transaction-pooler'
import { quoteIdentifier } from '../../database/quote'
import embeddedExtensions from '../../embedded/extensions.json'
import { startEmbeddedServer } from '../../embedded/start-embedded-server'
import { AuditError, messageLine } from '../../errors'
import { firstOf } from '../../text/bounded-list'
import { sizeWords } from '../../text/size-words'
import { phrase, type Phrase } from '../../text/phrase'
import { EMBEDDED_LIMIT } from '../estimate'
import { poolerKeepsSettings, reasonInOneLine } from '../errors'
import { describeMissing, findMissingNeeds, findMissingTablespaces, findUntrustedOwners } from '../needs'
import { createScratchDatabase } from '../scratch-database'
import type { Inventory } from '../backup-way'
import type { DatabaseContents } from '../contents/model'
import type { BackupManifest } from '../manifest/manifest'
import type { EnvironmentVariables } from '../../platform/environment-variables'

export interface PlaceRequest {
  /** A server that allows a scratch database; null: an embedded server, as for code of roles with fewer privileges. */
  readonly server: { readonly url: string; readonly major: number; readonly isSuperuser: boolean } | null
  /** The contents of the database; null if not recorded: then nothing shows whose code is in the backup. */
  readonly expected: DatabaseContents | null
  readonly databaseBytes: number
  /** For the embedded server, which has only its own role. */
  readonly needs: BackupManifest['needs']
  /** According to the backup itself. */
  readonly owners: readonly string[]
  readonly inventory: Inventory
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((message: Phrase) => void) | undefined
}

/** An empty database that is dropped after a backup was restored into it. */
export interface Place {
  readonly url: string
  /** `a scratch database`. */
  readonly words: Phrase
  readonly isEmbedded: boolean
  /** Why it is not on the server, although that allows a scratch database. Part of a sentence. */
  readonly because: Phrase | null
  readonly major: number
  readonly withoutOwners: boolean
  readonly missingTablespaces: readonly string[]
  /** What to say if `close` fails. Part of a sentence. */
  readonly ifLeft: Phrase
  close(): Promise<void>
}

/** Or why there is none. */
export async function openPlace(request: PlaceRequest): Promise<Place | Phrase> {
  const { server, expected, databaseBytes, owners, inventory, environment, signal } = request
  const isTooLarge = databaseBytes > EMBEDDED_LIMIT
  const needs = {
    roles: [...new Set([...request.needs.roles, ...owners])],
    owners: [...new Set([...request.needs.owners, ...owners])],
    extensions: [...new Set([...request.needs.extensions, ...extensionsOf(inventory)])],
  }
  try {
    if (expected === null) {
      // Anyone may have written it, and what it runs is the session's: there it reaches nothing.
      if (!isTooLarge) return await openEmbedded(request, needs, CODE_OF_ANYONE)
      return phrase`${CODE_OF_ANYONE}; it is too large for the embedded PostgreSQL (${sizeWords(EMBEDDED_LIMIT)})`
    }
    if (server === null) {
      if (!isTooLarge) return await openEmbedded(request, needs, null)
      return phrase`it is too large for the embedded PostgreSQL; restoring it on the server needs a role with CREATEDB`
    }
    const connect = { environment, ...(signal === undefined ? {} : { signal }) }
    const { missing, missingTablespaces, untrusted } = await withClient(server.url, connect, async (client) => {
      if (await isTransactionPooled(client, server.url, environment))
        throw poolerKeepsSettings(describeUrl(server.url).named)
      return {
        missingTablespaces: await findMissingTablespaces(client, inventory),
        missing: await findMissingNeeds(client, needs),
        untrusted: await findUntrustedOwners(client, needs.owners),
      }
    })
    if (untrusted.length > 0) {
      const others = phrase`roles with fewer privileges (${firstOf(untrusted, '; ')}) own code that a restore would run with your privileges`
      // There it reaches nothing else.
      if (!isTooLarge) return await openEmbedded(request, needs, others)
      return phrase`${others}, and it is too large for the embedded PostgreSQL`
    }
    if (missing.roles.length + missing.extensions.length > 0)
      return phrase`the server has no ${describeMissing(missing) ?? ''}, which the backup needs`
    const scratch = await createScratchDatabase(server.url, { environment, signal })
    const withoutOwners = !server.isSuperuser
    return {
      ...{ url: scratch.url, isEmbedded: false, because: null, major: server.major, withoutOwners, missingTablespaces },
      words: withoutOwners ? phrase`a scratch database without owners and privileges` : phrase`a scratch database`,
      ifLeft: phrase`the scratch database ${scratch.name} was left behind, and ${scratch.laterDroppedBy}`,
      close: () => scratch.drop(),
    }
  } catch (error) {
    signal?.throwIfAborted()
    return error instanceof AuditError
      ? phrase`${error.parts.what} ${reasonInOneLine(error)}`
      : phrase`${messageLine(error)}`
  }
}

const CODE_OF_ANYONE = phrase`no manifest records what it contains, and a restore runs its code`

function extensionsOf({ entries }: Inventory): string[] {
  return entries.filter(({ type }) => type === 'EXTENSION').map(({ name }) => name)
}

/** Bytes of a database; an empty one has half of them. Optimizing WebAssembly takes longer than restoring it. */
const SOON_RESTORED = 16 * 2 ** 20

/** It has only its own role. */
async function openEmbedded(
  { inventory, databaseBytes, signal, onProgress }: PlaceRequest,
  { extensions, roles }: PlaceRequest['needs'],
  because: Phrase | null,
): Promise<Place> {
  const lacking = extensions.filter((name) => !embeddedExtensions.includes(name))
  if (lacking.length > 0) onProgress?.(phrase`The embedded PostgreSQL has no extensions ${lacking}`)
  const embedded = await startEmbeddedServer({
    extensions,
    isShortLived: databaseBytes < SOON_RESTORED,
    ...(signal === undefined ? {} : { signal }),
  })
  const close = () => embedded.stop()
  try {
    const missingTablespaces = await withClient(embedded.url, { environment: {} }, async (client) => {
      for (const role of roles.filter((name) => name !== 'postgres'))
        await client.query(`CREATE ROLE ${quoteIdentifier(role)}`)
      return await findMissingTablespaces(client, inventory)
    })
    const words = phrase`an embedded PostgreSQL`
    return {
      ...{ url: embedded.url, words, isEmbedded: true, because, major: 18, withoutOwners: false },
      ...{ missingTablespaces, close, ifLeft: phrase`the embedded PostgreSQL did not end` },
    }
  } catch (error) {
    await close()
    throw error
  }
}
