import type { Connection } from 'vscode-languageserver'
import { DEFAULT_SETTINGS, SETTINGS_SECTION, type Settings } from '../../../protocol/src/index'
import { uriOfPath } from './uris'

/** The user's settings: for the window, and for each folder, which may have its own. */
export class FolderSettings {
  window: Settings = DEFAULT_SETTINGS
  private byFolder: ReadonlyMap<string, Settings> = new Map()

  /** For a folder of the workspace; all other folders use the window's. */
  of(folder: string): Settings {
    return this.byFolder.get(folder) ?? this.window
  }

  /** The files that the settings name for these folders, to detect a change. */
  named(folders: readonly string[]): string {
    return JSON.stringify(folders.map((folder) => [this.of(folder).schema, this.of(folder).policyFile]))
  }

  async read({ workspace }: Connection, folders: readonly string[]): Promise<void> {
    const items = [{}, ...folders.map((folder) => ({ scopeUri: uriOfPath(folder) }))]
    const answers = (await workspace.getConfiguration(
      items.map((item) => ({ ...item, section: SETTINGS_SECTION })),
    )) as readonly (Partial<Settings> | null)[]
    const [window = DEFAULT_SETTINGS, ...own] = items.map((_, at) => ({ ...DEFAULT_SETTINGS, ...answers[at] }))
    this.window = window
    this.byFolder = new Map(folders.map((folder, at) => [folder, own[at] ?? window]))
  }
}
