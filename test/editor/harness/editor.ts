import type { Page } from 'playwright-core'

/** A real VS Code: the product itself, or its workbench and extension host as code-server with Chromium. */
export interface Editor {
  /** Can a window have another display language than English? VS Code itself needs a language pack for that. */
  readonly hasLanguages: boolean
  /** Runs `test/editor/suite` inside the editor's extension host and gives what it wrote about its tests. */
  runSuite(options: SuiteOptions): Promise<void>
  /** Opens a window for a test that does what a person does. */
  openWindow(options: WindowOptions): Promise<EditorWindow>
  /** Installs a VSIX, for windows with the same `profile`. */
  installExtension(vsix: string, profile: string): Promise<void>
}

export interface WindowOptions {
  readonly workspace: string
  /** The file to open first. */
  readonly file: string
  readonly trusted: boolean
  /** A folder for settings, state and installed extensions. */
  readonly profile: string
  /** The extension from this repository; false where one was installed. */
  readonly development: boolean
  readonly environment: Readonly<Record<string, string>>
  /** In which VS Code asks extensions to speak, where the editor has languages. */
  readonly language?: string
}

export type SuiteOptions = Omit<WindowOptions, 'file' | 'development' | 'language'>

export interface EditorWindow {
  readonly page: Page
  close(): Promise<void>
}

/**
 * Milliseconds to wait for anything in a window: on a busy machine, the extension host alone takes a minute to start.
 */
export const LONGEST_WAIT = 180_000

/** What `scripts/editor/provision.mjs` found, handed over in the environment by `scripts/editor/run.mjs`. */
export type ProvisionedEditor =
  | { readonly kind: 'electron'; readonly executable: string }
  | { readonly kind: 'code-server'; readonly main: string; readonly node: string; readonly chromium: string }

export const EDITOR_VARIABLE = 'PRISMA_AUDIT_PROVISIONED_EDITOR'

/** The suite's entry, bundled by esbuild.mjs. */
export const SUITE_ENTRY = `${__REPOSITORY__}/out/test/editor/suite/index.js`
