import type { InitializeParams } from 'vscode-languageserver'
import type { InitializationOptions } from '../../../protocol/src/index'
import { inEnglish, type Translate } from '../text/translate'
import { FolderSettings } from './folder-settings'
import { languageOf } from './language'

/** What the editor has reported: its name and capabilities, its language, the user's settings, and workspace trust. */
export class EditorSession {
  options: InitializationOptions = {}
  readonly settings = new FolderSettings()
  /** Fulfilled when the last change of settings or folders is applied, so that a command does not use the old ones. */
  settled: Promise<void> = Promise.resolve()
  isTrusted = true
  supports = { configuration: false, folderChanges: false, watchedFiles: false, resolvedEdits: false }
  private language: Translate = inEnglish
  /** In the editor's language once the editor has reported it. */
  readonly t: Translate = Object.assign(
    (message: string, ...values: (string | number)[]) => this.language(message, ...values),
    { isEnglish: () => this.language === inEnglish },
  )

  initialize({ initializationOptions, locale, capabilities }: InitializeParams): void {
    this.options = (initializationOptions ?? {}) as InitializationOptions
    this.isTrusted = this.options.client?.trusted ?? true
    this.language = languageOf(locale)
    const { workspace, textDocument } = capabilities
    this.supports = {
      configuration: workspace?.configuration === true && this.isOurClient,
      folderChanges: workspace?.workspaceFolders === true,
      watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      resolvedEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    }
  }

  /** Whether it is VS Code with our client. */
  get isOurClient(): boolean {
    return this.options.client !== undefined
  }

  /** The policies that the settings of these folders name, as they name them. */
  namedPolicies(folders: readonly string[]): readonly string[] {
    const named = folders.map((folder) => this.options.policyFile ?? this.settings.of(folder).policyFile)
    return named.filter((file) => file !== '')
  }

  get isLensWanted(): boolean {
    return this.options.codeLens ?? this.settings.window.codeLens
  }

  get areHintsWanted(): boolean {
    return this.options.inlayHints ?? this.settings.window.inlayHints
  }
}
