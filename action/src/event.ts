import fs from 'node:fs'

/** What of GitHub's event is looked at. It is data of others: nothing in it need be there, or be of the right type. */
export interface Event {
  readonly pull_request?: {
    readonly number?: number
    readonly base?: { readonly sha?: unknown }
    readonly head?: { readonly sha?: unknown }
  }
  readonly merge_group?: { readonly base_sha?: unknown }
  /** The commit that a push replaces; zeros where it makes the branch. */
  readonly before?: unknown
  /** What a push is to. */
  readonly ref?: unknown
  readonly repository?: { readonly default_branch?: unknown }
  readonly workflow_run?: { readonly head_sha?: unknown }
}

export function readEvent({ GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): Event {
  return file === undefined || !fs.existsSync(file) ? {} : (JSON.parse(fs.readFileSync(file, 'utf8')) as Event)
}

/** 40 hexadecimal digits: nothing else out of an event becomes an argument. Null for anything else, zeros too. */
export function commitOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) && !/^0+$/.test(value) ? value : null
}
