import fs from 'node:fs'

/**
 * The parts of GitHub's event that we read. They are untrusted data: anything may be missing, or have the wrong type.
 */
export interface Event {
  readonly pull_request?: {
    readonly number?: number
    readonly base?: { readonly sha?: unknown }
    readonly head?: { readonly sha?: unknown }
  }
  readonly merge_group?: { readonly base_sha?: unknown }
  /** The commit that a push replaces; zeros if it creates the branch. */
  readonly before?: unknown
  /** The ref that was pushed. */
  readonly ref?: unknown
  readonly repository?: { readonly default_branch?: unknown }
  readonly workflow_run?: {
    readonly head_sha?: unknown
    readonly head_branch?: unknown
    /** The fork; null if it was deleted. */
    readonly head_repository?: { readonly owner?: { readonly login?: unknown } } | null
  }
}

export function readEvent({ GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): Event {
  return file === undefined || !fs.existsSync(file) ? {} : (JSON.parse(fs.readFileSync(file, 'utf8')) as Event)
}

/** 40 hexadecimal digits: nothing else from an event becomes an argument. Null for anything else, including zeros. */
export function commitOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) && !/^0+$/.test(value) ? value : null
}
