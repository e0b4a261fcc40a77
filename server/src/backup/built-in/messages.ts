import type { MessagePort } from 'node:worker_threads'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** What the parent asks of `dist/built-in-dump.mjs`, over IPC, since the URL has a password. */
export interface DumpRequest {
  readonly url: string
  /** Ours, with what a connection takes from it; not the process's own, which others may see. */
  readonly environment: EnvironmentVariables
  /** Arguments of pg_dump, without connection, output file and format. */
  readonly args: readonly string[]
  /** Created; refused if it exists. */
  readonly outputPath: string
}

/** An AuditError on its way from thread to thread and process to process; `code` is null for any other error. */
export interface Failure {
  readonly code: string | null
  readonly message: string
  readonly why: string
  readonly nextStep: string
}

/** What the dump's process says, once. */
export type DumpAnswer = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: Failure }

/** What the relay's thread is given. */
export interface RelayData {
  readonly url: string
  readonly environment: EnvironmentVariables
  /** Bytes from pg_dump come in here; `RelayAnswer`s go out. */
  readonly port: MessagePort
  /** One Int32 that grows with each answer, for `Atomics.wait`. */
  readonly turns: SharedArrayBuffer
}

/** What the relay says to the thread of pg_dump: `ready` once, then one `bytes` for each piece that it was given. */
export type RelayAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: Failure }
