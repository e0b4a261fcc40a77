/** Options for the embedded server's process, as JSON in its first argument. */
export interface ChildOptions {
  readonly dataFolder: string | null
  readonly extensions: readonly string[]
}

/** The only message of the process to its parent. */
export type ChildAnswer =
  | { readonly kind: 'ready'; readonly port: number; readonly password: string }
  | { readonly kind: 'failed'; readonly reason: string }
