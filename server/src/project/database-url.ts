import { completeUrl } from '../database/connection-settings'
import { describeUrl } from '../database/describe-url'
import { findDatabaseUrl, type DatabaseUrl } from '../schema/connection/find-database-url'
import { phrase } from '../text/phrase'

export type UrlSearch = Omit<Parameters<typeof findDatabaseUrl>[0], 'stored'>

/** One of our databases that a project uses. */
export interface RunningSandbox {
  readonly url: string
  readonly server: { readonly ended: Promise<void>; stop(): Promise<void> }
}

/** Where a project's database is: resolved once, and cached until a relevant file changes. */
export class ProjectUrl {
  private typed: string | null = null
  private sandbox: RunningSandbox | null = null
  private found: Promise<DatabaseUrl> | null = null

  constructor(
    private readonly options: {
      /** The current search. Throws if there is nothing to search. */
      readonly search: () => UrlSearch
      readonly storedUrl: () => Promise<string | null>
      readonly onFound: (found: DatabaseUrl) => void
      /** Uses another database from now on, which the project itself does not configure. */
      readonly onChange: () => void
    },
  ) {}

  find(): Promise<DatabaseUrl> {
    if (this.found !== null) return this.found
    const finding = this.findAfresh()
    this.found = finding
    // A failed search is repeated for the next caller.
    finding.catch(() => {
      if (this.found === finding) this.found = null
    })
    return finding
  }

  forget(): void {
    this.found = null
  }

  /** Uses a URL that the user typed; null returns to the project's own. */
  type(url: string | null): void {
    this.typed = url
    this.changed()
  }

  /** Null while the project uses its own database. */
  get sandboxUrl(): string | null {
    return this.sandbox?.url ?? null
  }

  /** Uses one of our databases, regardless of the project's and the user's URL, until it is released or stops. */
  useSandbox(sandbox: RunningSandbox): void {
    this.sandbox = sandbox
    this.changed()
    void sandbox.server.ended.then(() => this.sandboxEnded(sandbox))
  }

  async leaveSandbox(): Promise<void> {
    const { sandbox } = this
    if (sandbox === null) return
    this.sandboxEnded(sandbox)
    await sandbox.server.stop()
  }

  async close(): Promise<void> {
    await this.sandbox?.server.stop()
  }

  /** Resolves the URL again; returns whether it changed. */
  async hasChanged(): Promise<boolean> {
    const before = await this.found?.catch(() => null)
    this.found = null
    const now = await this.find().catch(() => null)
    return before?.url !== now?.url
  }

  private sandboxEnded(sandbox: RunningSandbox): void {
    if (this.sandbox !== sandbox) return
    this.sandbox = null
    this.changed()
  }

  private changed(): void {
    this.found = null
    this.options.onChange()
  }

  private async findAfresh(): Promise<DatabaseUrl> {
    const { search, storedUrl, onFound } = this.options
    const { sandbox } = this
    const given = sandbox === null ? search() : { ...search(), override: sandbox.url }
    const inPlace = await findDatabaseUrl({ ...given, stored: this.typed ?? (await storedUrl()) })
    const complete = (url: string) => completeUrl(url, given.environment)
    const { url, directUrl } = inPlace
    const whole = { ...inPlace, url: complete(url), directUrl: directUrl === null ? null : complete(directUrl) }
    const found = sandbox === null ? whole : { ...whole, source: phrase`Start Sandbox Database` }
    onFound(found)
    return found
  }
}

/** Including the direct URL past a pooler, if there is one. */
export function labelOfUrl({ url, directUrl }: DatabaseUrl): string {
  const { label } = describeUrl(url)
  const direct = directUrl === null ? label : describeUrl(directUrl).label
  return direct === label ? label : `${label}, for migrations ${direct}`
}
