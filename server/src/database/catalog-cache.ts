import { shareStructure } from './catalog/share-structure'
import { fingerprint, type Fingerprint, type FingerprintClient } from './fingerprint'
import type { DatabaseModel } from './model'

/**
 * The last result of `readCatalog` on a connection, reused while the fingerprint stays the same. Its caller owns it,
 * one per open database.
 */
export class CatalogCache {
  private last: Reading | null = null

  /** The last fingerprint; null if it is not available. */
  get fingerprint(): Fingerprint | null {
    return this.last?.fingerprint ?? null
  }

  /**
   * Returns the last model if the catalog is unchanged, otherwise reads it. Unchanged parts are the same objects as
   * before: tables, columns, and the model itself if only something unreported was written.
   */
  async read(
    client: FingerprintClient,
    asked: { readonly schemas: readonly string[]; readonly defaultSchema?: string },
    readAll: (fingerprinted: boolean) => Promise<CatalogReading>,
  ): Promise<DatabaseModel> {
    const { last } = this
    const key = JSON.stringify([asked.schemas, asked.defaultSchema])
    // Taken before the read: a change in between is detected the next time.
    const isKnown = last?.client === client && last.key === key && last.fingerprint !== null
    const now = isKnown ? await fingerprint(client, asked.schemas, last.fingerprint) : null
    if (last !== null && now !== null && now.text === last.fingerprint?.text) {
      this.last = { ...last, fingerprint: now }
      return last.model
    }
    const read = await readAll(!isKnown)
    const model = last === null ? read.model : shareStructure(last.model, read.model)
    // An incomplete model says nothing about its gaps.
    this.last = { client, key, model, fingerprint: model.unseen.length > 0 ? null : (now ?? read.fingerprint) }
    return model
  }
}

export interface CatalogReading {
  readonly model: DatabaseModel
  /** Of the catalog as read; null if it was not requested or is not available. */
  readonly fingerprint: Fingerprint | null
}

interface Reading {
  /** Another connection may lead to another server. */
  readonly client: FingerprintClient
  readonly key: string
  readonly model: DatabaseModel
  /** Null if it is not available. */
  readonly fingerprint: Fingerprint | null
}
