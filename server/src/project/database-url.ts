import { describeUrl } from '../database/describe-url'
import { findDatabaseUrl, type DatabaseUrl } from '../schema/connection/find-database-url'

export type UrlSearch = Omit<Parameters<typeof findDatabaseUrl>[0], 'stored'>

/** A database of ours that a project works with. */
export interface RunningSandbox {
  readonly url: string
  readonly server: { readonly ended: Promise<void>; stop(): Promise<void> }
}

/** Where a project's database is: found once, and kept until something changes that says so. */
export class ProjectUrl {
  private typed: string | null = null
  private sandbox: RunningSandbox | null = null
  private found: Promise<DatabaseUrl> | null = null

  constructor(
    private readonly options: {
      /** What is looked at now. Throws where there is nothing to look for. */
      readonly search: () => UrlSearch
      readonly storedUrl: () => Promise<string | null>
      readonly onFound: (found: DatabaseUrl) => void
      /** Another database from now on, of which the project itself says nothing. */
      readonly onChange: () => void
    },
  ) {}

  find(): Promise<DatabaseUrl> {
    if (this.found !== null) return this.found
    const finding = this.findAfresh()
    this.found = finding
    // What was not found is looked for again by the next who asks.
    finding.catch(() => {
      if (this.found === finding) this.found = null
    })
    return finding
  }

  forget(): void {
    this.found = null
  }

  /** Goes on with a URL that the user typed; null goes back to what the project says. */
  type(url: string | null): void {
    this.typed = url
    this.changed()
  }

  /** Null while the project works with its own database. */
  get sandboxUrl(): string | null {
    return this.sandbox?.url ?? null
  }

  /** Works with a database of ours, whatever the project and the user say, until it is left, or ends by itself. */
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

  /** Looks again; answers whether it is another one now. */
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
    const url = await findDatabaseUrl({ ...given, stored: this.typed ?? (await storedUrl()) })
    const found = sandbox === null ? url : { ...url, source: 'Start Sandbox Database' }
    onFound(found)
    return found
  }
}

/** With the way past a pooler, where there is one. */
export function labelOfUrl({ url, directUrl }: DatabaseUrl): string {
  const { label } = describeUrl(url)
  const direct = directUrl === null ? label : describeUrl(directUrl).label
  return direct === label ? label : `${label}, for migrations ${direct}`
}
