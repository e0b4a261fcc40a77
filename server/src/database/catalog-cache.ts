import { shareStructure } from './catalog/share-structure'
import { fingerprint, type Fingerprint, type FingerprintClient } from './fingerprint'
import type { DatabaseModel } from './model'

/**
 * What `readCatalog` said last on a connection, so that it need not ask again while the fingerprint stays the same.
 * Its caller owns it, one for each database that stays open.
 */
export class CatalogCache {
  private last: Reading | null = null

  /** Of what was read last; null where it cannot be had. */
  get fingerprint(): Fingerprint | null {
    return this.last?.fingerprint ?? null
  }

  /**
   * Gives the last model where the catalog is as it was, and otherwise reads it. What did not change is then the very
   * same object as before: tables, columns, and the whole model where only something unreported was written.
   */
  async read(
    client: FingerprintClient,
    asked: { readonly schemas: readonly string[]; readonly defaultSchema?: string },
    readAll: (fingerprinted: boolean) => Promise<CatalogReading>,
  ): Promise<DatabaseModel> {
    const { last } = this
    const key = JSON.stringify([asked.schemas, asked.defaultSchema])
    // Taken before the reading: what changes in between is seen as a change the next time.
    const isKnown = last?.client === client && last.key === key && last.fingerprint !== null
    const now = isKnown ? await fingerprint(client, asked.schemas, last.fingerprint) : null
    if (last !== null && now !== null && now.text === last.fingerprint?.text) {
      this.last = { ...last, fingerprint: now }
      return last.model
    }
    const read = await readAll(!isKnown)
    const model = last === null ? read.model : shareStructure(last.model, read.model)
    // A model with gaps says nothing about what is in them.
    this.last = { client, key, model, fingerprint: model.unseen.length > 0 ? null : (now ?? read.fingerprint) }
    return model
  }
}

export interface CatalogReading {
  readonly model: DatabaseModel
  /** Of the catalog as it was read; null where it was not asked for, or cannot be had. */
  readonly fingerprint: Fingerprint | null
}

interface Reading {
  /** Another connection may be to another server. */
  readonly client: FingerprintClient
  readonly key: string
  readonly model: DatabaseModel
  /** Null where it cannot be had. */
  readonly fingerprint: Fingerprint | null
}
