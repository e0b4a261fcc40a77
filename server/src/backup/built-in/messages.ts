import type { MessagePort } from 'node:worker_threads'
import type { ErrorParts } from '../../errors'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** The parent's request to `dist/built-in-dump.mjs`, over IPC because the URL contains a password. */
export interface DumpRequest {
  readonly url: string
  /** Our environment with the variables of a connection; not set for the process itself, where others could read it. */
  readonly environment: EnvironmentVariables
  /** Arguments of pg_dump, without connection, output file and format. */
  readonly args: readonly string[]
  /** Created; fails if it exists. */
  readonly outputPath: string
}

/** An AuditError that is passed between threads and processes; `code` is null for any other error. */
export type Failure =
  { readonly code: string; readonly parts: ErrorParts } | { readonly code: null; readonly message: string }

/** The only message of the dump's process. */
export type DumpAnswer = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: Failure }

/** The input of the relay's thread. */
export interface RelayData {
  readonly url: string
  readonly environment: EnvironmentVariables
  /** Receives bytes from pg_dump; sends `RelayAnswer`s. */
  readonly port: MessagePort
  /** One Int32 that is incremented with each answer, for `Atomics.wait`. */
  readonly turns: SharedArrayBuffer
}

/** The relay's answers to the thread of pg_dump: `ready` once, then one `bytes` for each chunk that it received. */
export type RelayAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly failure: Failure }
