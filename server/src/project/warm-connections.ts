import { CatalogCache } from '../database/catalog-cache'
import { describeUrl, type DescribedUrl } from '../database/describe-url'
import { ExpressionSpeller } from '../database/expression-speller'
import { DatabaseSession, type SessionState } from '../database/session'
import type { DatabaseUrl } from '../schema/connection/find-database-url'
import type { TargetPlace } from './database-target'
import type { Phrase } from '../text/phrase'

export interface WarmConnection {
  readonly found: DatabaseUrl
  readonly session: DatabaseSession
  /** Detects that the catalog did not change, and then does not read it again. */
  readonly cache: CatalogCache
  readonly speller: ExpressionSpeller
}

export interface WarmConnectionOptions {
  findUrl(): Promise<DatabaseUrl>
  /** Of the current connection; a replaced one no longer reports anything. */
  onStateChange(state: SessionState, place: DescribedUrl, source: Phrase): void
}

/** The connection to a project's database, opened on first use; another URL replaces it. At most one at a time. */
export class WarmConnections {
  current: WarmConnection | null = null
  isClosed = false

  constructor(private readonly options: WarmConnectionOptions) {}

  async open(): Promise<WarmConnection> {
    return this.current ?? this.openAt(await this.options.findUrl())
  }

  /**
   * The connection, if it leads to the target; null if the project now uses another database, or the target bypasses a
   * pooler.
   */
  async to(target: TargetPlace): Promise<WarmConnection | null> {
    const connection = await this.open().catch(() => null)
    if (connection === null) return null
    const { url, schemas, defaultSchema } = connection.found
    const isSame = JSON.stringify([url, schemas, defaultSchema])
    return isSame === JSON.stringify([target.url, target.schemas, target.defaultSchema]) ? connection : null
  }

  /** Ends the current connection, so that the next use resolves the URL again. */
  async drop(): Promise<void> {
    const before = this.current
    this.current = null
    await before?.session.close()
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.current?.session.close()
  }

  /**
   * While the URL was being resolved, another call may have opened the session, or the project may have been closed.
   */
  private openAt(found: DatabaseUrl): WarmConnection {
    if (this.isClosed) throw new Error('The project was closed.')
    if (this.current !== null) return this.current
    const place = describeUrl(found.url)
    const session = new DatabaseSession(found.url, {
      applicationName: 'prisma-audit',
      statementTimeout: CATALOG_TIMEOUT,
      onStateChange: (state) => {
        if (this.current !== null && this.current.session !== session) return
        this.options.onStateChange(state, place, found.source)
      },
    })
    this.current = { found, session, cache: new CatalogCache(), speller: new ExpressionSpeller() }
    return this.current
  }
}

/** Milliseconds for one catalog statement; a server that needs longer is in trouble. */
export const CATALOG_TIMEOUT = 15_000
