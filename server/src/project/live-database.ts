import { withClient, type DatabaseClient } from '../database/connect'
import { ExpressionSpeller } from '../database/expression-speller'
import type { ExpressionPair } from '../database/model-expressions'
import { describeUrl, type DescribedUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import { fingerprint, type Fingerprint } from '../database/fingerprint'
import { readCatalog } from '../database/read-catalog'
import { requireSameServer } from '../database/server-identity'
import { SessionClosed, type SessionState } from '../database/session'
import { describeError } from '../errors'
import type { DatabaseUrl } from '../schema/connection/find-database-url'
import { stateOfSession, UNTRUSTED, type LiveState } from './connection-state'
import { readAnswering, type Answering, type DatabaseTarget, type TargetPlace } from './database-target'
import { CATALOG_TIMEOUT, WarmConnections, type WarmConnection } from './warm-connections'
import type { Phrase } from '../text/phrase'

/** The catalog and when it was read. */
export interface Snapshot {
  readonly database: DatabaseModel
  /** Null if it is not available. */
  readonly fingerprint: Fingerprint | null
  /** Milliseconds since 1970. */
  readonly readAt: number
}

export interface LiveDatabaseOptions {
  findUrl(): Promise<DatabaseUrl>
  /** In an untrusted workspace, no database is connected to. */
  mayConnect(): boolean
  /** Expressions to normalize after the catalog is read. */
  expressionsToSpell(database: DatabaseModel): readonly ExpressionPair[]
  /** Queried after each background refresh; commands read the journal themselves. */
  hasUnfinishedMigration(client: DatabaseClient, schemas: readonly string[]): Promise<boolean>
}

/** The live database of a project: one warm connection, the latest snapshot of its catalog, and the state of both. */
export class LiveDatabase {
  snapshot: Snapshot | null = null
  state: LiveState = { connection: 'none', label: '', named: null, detail: () => '' }
  /** As of the last background refresh. */
  hasUnfinishedMigration = false
  /** As of the last background refresh; null before it. */
  answering: Answering | null = null
  private readonly connections: WarmConnections
  private isRefreshing = false
  private isRefreshWanted = false
  private commandsReading = 0
  private readonly listeners: (() => void)[] = []

  constructor(private readonly options: LiveDatabaseOptions) {
    this.connections = new WarmConnections({
      findUrl: () => options.findUrl(),
      onStateChange: (state, place, source) => this.sessionChanged(state, place, source),
    })
  }

  /** Called after each new snapshot and each change of the state. */
  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** Resolves the URL again and reads the catalog in the background. A refused login is tried again. */
  connect(): void {
    void this.reconnect()
  }

  /**
   * Checks in the background whether the catalog has changed, and reads it if so. Calls during a check are merged into
   * one more check.
   */
  refreshSoon(): void {
    if (this.isRefreshing) {
      this.isRefreshWanted = true
      return
    }
    void this.refresh()
  }

  /**
   * Reads the catalog now. Rejects with an AuditError that says why it could not. `meanwhile` is called once the query
   * is sent, so its work runs while the server is busy. Because the user requested the command, a refused or lost
   * connection is tried once more, unless this command has just tried it.
   */
  async read(signal: AbortSignal, meanwhile: () => void, hasTried: boolean): Promise<DatabaseModel> {
    return await this.asCommand(async () => {
      const connection = await this.connections.open()
      const read = (client: DatabaseClient) => {
        const reading = this.readWith(client, connection)
        setImmediate(meanwhile)
        return reading
      }
      return await connection.session.use(read, { signal, retried: hasTried ? 'nothing' : 'a loss or a refusal' })
    })
  }

  /** The identity of the server and database that a command will use. Tries once, regardless of earlier attempts. */
  async identify(target: TargetPlace, signal: AbortSignal): Promise<Answering> {
    return await this.asCommand(async () => {
      const warm = await this.connections.to(target)
      if (warm === null) return await withClient(target.url, { signal }, readAnswering)
      return await warm.session.use(readAnswering, { signal, retried: 'a loss or a refusal' })
    })
  }

  /** The target of commands; null before the first connection. */
  get url(): string | null {
    const found = this.connections.current?.found
    return found === undefined ? null : (found.directUrl ?? found.url)
  }

  /**
   * The current catalog of a command's target. Uses the warm connection, and updates its snapshot, if it leads to the
   * same place; otherwise a separate connection.
   */
  async readTarget(target: DatabaseTarget, signal: AbortSignal, meanwhile: () => void): Promise<DatabaseModel> {
    return await this.asCommand(async () => {
      const warm = await this.connections.to(target)
      if (warm === null) return await this.readOnce(target, signal)
      const read = async (client: DatabaseClient) => {
        await requireSameServer(client, target.server, target.url)
        const reading = this.readWith(client, warm)
        setImmediate(meanwhile)
        return await reading
      }
      return await warm.session.use(read, { signal, retried: 'a loss or a refusal' })
    })
  }

  private async readOnce(target: DatabaseTarget, signal: AbortSignal): Promise<DatabaseModel> {
    const { url, server, schemas, defaultSchema } = target
    return await withClient(url, { signal, server, statementTimeout: CATALOG_TIMEOUT }, async (client) => {
      const catalog = await readCatalog(client, { schemas, defaultSchema })
      return await new ExpressionSpeller().complete(client, catalog, this.options.expressionsToSpell(catalog))
    })
  }

  /** Where the database is and which part the project uses; without a query. */
  async place(): Promise<Omit<TargetPlace, 'url'>> {
    const { found } = await this.connections.open()
    return { label: describeUrl(found.url).label, schemas: found.schemas, defaultSchema: found.defaultSchema }
  }

  /** Starts to connect, so that the next query waits less. A failure is reported too. */
  connectAhead(): void {
    void this.use(() => Promise.resolve()).catch(() => undefined)
  }

  /** Whether the catalog is the same as when this fingerprint was taken. Costs at most a check of later writes. */
  async isStill(known: Fingerprint, signal?: AbortSignal): Promise<boolean> {
    const { found } = await this.connections.open()
    const now = await this.use((client) => fingerprint(client, found.schemas, known), signal)
    return now?.text === known.text
  }

  /** Runs a query of a command on the warm connection. Rejects immediately while the login is refused. */
  async use<Result>(query: (client: DatabaseClient) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return await this.asCommand(async () => {
      const { session } = await this.connections.open()
      return await session.use(query, { signal, retried: 'a loss' })
    })
  }

  async close(): Promise<void> {
    await this.connections.close()
  }

  /**
   * While the work waited for its turn, another URL may have replaced the session; nothing has begun then, so the work
   * is done on the current connection.
   */
  private async asCommand<Result>(work: () => Promise<Result>): Promise<Result> {
    this.commandsReading++
    try {
      for (;;) {
        try {
          return await work()
        } catch (error) {
          if (!(error instanceof SessionClosed) || this.connections.isClosed) throw error
        }
      }
    } finally {
      this.commandsReading--
    }
  }

  private async reconnect(): Promise<void> {
    this.hasUnfinishedMigration = false
    this.answering = null
    await this.connections.drop()
    await this.refresh()
  }

  private async refresh(): Promise<void> {
    if (this.connections.isClosed) return
    if (!this.options.mayConnect()) {
      this.change(UNTRUSTED)
      return
    }
    this.isRefreshing = true
    try {
      const connection = await this.connections.open()
      await connection.session.use(async (client) => {
        // The end of a migration is shown before the catalog is read, which takes longer after one.
        if (this.hasUnfinishedMigration) await this.lookForUnfinished(client, connection)
        await this.readWith(client, connection)
        await this.lookWhoAnswers(client)
        await this.lookForUnfinished(client, connection)
      })
    } catch (error) {
      // The session reports a server that is away or refuses; this is for all other errors.
      const { current } = this.connections
      if (current === null)
        this.change({ connection: 'none', label: '', named: null, detail: (t) => describeError(error, t) })
      else if (current.session.state.kind === 'connected')
        this.change({ ...this.state, detail: (t) => describeError(error, t) })
    } finally {
      this.isRefreshing = false
    }
    if (this.isRefreshWanted) {
      this.isRefreshWanted = false
      await this.refresh()
    }
  }

  private async readWith(client: DatabaseClient, { found, cache, speller }: WarmConnection): Promise<DatabaseModel> {
    const catalog = await readCatalog(client, { schemas: found.schemas, defaultSchema: found.defaultSchema, cache })
    const database = await speller.complete(client, catalog, this.options.expressionsToSpell(catalog))
    this.keep(database, cache.fingerprint)
    return database
  }

  private async lookWhoAnswers(client: DatabaseClient): Promise<void> {
    const answering = await readAnswering(client)
    if (JSON.stringify(answering) === JSON.stringify(this.answering)) return
    this.answering = answering
    this.tell()
  }

  private async lookForUnfinished(client: DatabaseClient, { found }: WarmConnection): Promise<void> {
    const hasUnfinished = await this.options.hasUnfinishedMigration(client, found.schemas)
    if (hasUnfinished === this.hasUnfinishedMigration) return
    this.hasUnfinishedMigration = hasUnfinished
    this.tell()
  }

  private sessionChanged(state: SessionState, place: DescribedUrl, source: Phrase): void {
    const shown = stateOfSession(state, place, source)
    if (shown !== null) this.change(shown)
    // A server that came back may have changed, or it responds for the first time.
    const isNew = state.kind === 'connected' && !this.isRefreshing && this.commandsReading === 0
    if (isNew) queueMicrotask(() => this.refreshSoon())
  }

  private keep(database: DatabaseModel, fingerprint: Fingerprint | null): void {
    this.snapshot = { database, fingerprint, readAt: Date.now() }
    this.tell()
  }

  private change(state: LiveState): void {
    this.state = state
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
