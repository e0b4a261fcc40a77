import type { Connection } from 'vscode-languageserver'
import { DEFAULT_SETTINGS, SETTINGS_SECTION, type Settings } from '../../../protocol/src/index'
import { uriOfPath } from './uris'

/** What the user has set: for the window, and for each of its folders, which may have settings of its own. */
export class FolderSettings {
  window: Settings = DEFAULT_SETTINGS
  private byFolder: ReadonlyMap<string, Settings> = new Map()

  /** For a folder of the workspace; any other has the window's. */
  of(folder: string): Settings {
    return this.byFolder.get(folder) ?? this.window
  }

  /** The files that they name, for these folders, to see whether they name others later. */
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
