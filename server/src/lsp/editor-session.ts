import fs from 'node:fs'
import path from 'node:path'
import type { InitializeParams } from 'vscode-languageserver'
import type { InitializationOptions } from '../../../protocol/src/index'
import { createTranslate, inEnglish, type Translate } from '../text/translate'
import { FolderSettings } from './folder-settings'

/** What the editor has said: what it is and can do, its language, its user's settings, and whether its workspace is trusted. */
export class EditorSession {
  options: InitializationOptions = {}
  readonly settings = new FolderSettings()
  isTrusted = true
  supports = { configuration: false, folderChanges: false, watchedFiles: false, resolvedEdits: false }
  private language: Translate = inEnglish
  /** In the editor's language from the moment that it has said which. */
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

  /** Is it VS Code with our client? */
  get isOurClient(): boolean {
    return this.options.client !== undefined
  }

  get isLensWanted(): boolean {
    return this.options.codeLens ?? this.settings.window.codeLens
  }

  get areHintsWanted(): boolean {
    return this.options.inlayHints ?? this.settings.window.inlayHints
  }
}

/**
 * The language of an editor that says `de`, `de-AT` or `de_DE`: the translations stand beside the bundle and are read only
 * for it. English for every other one, and where the file does not come with the bundle.
 */
function languageOf(locale: string | undefined): Translate {
  if (!/^de(?![a-z])/i.test(locale ?? '')) return inEnglish
  try {
    return createTranslate(JSON.parse(fs.readFileSync(FILE, 'utf8')) as Record<string, string>)
  } catch {
    return inEnglish
  }
}

const FILE = path.join(__BUNDLE_FOLDER__, 'texts.de.json')
