import type { Stats } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { EnvironmentVariables } from './environment-variables'

/** Caches; state that a person may read; configuration. */
export type UserFolder = 'cache' | 'state' | 'config'

export interface UserFolderOptions {
  readonly environment: EnvironmentVariables
  readonly platform?: NodeJS.Platform
  readonly home?: string
}

/** The user's folder of a kind, by the conventions of each system. It may not exist yet. */
export function userFolder(kind: UserFolder, options: UserFolderOptions): string {
  const { environment, platform = process.platform } = options
  const { home = (platform === 'win32' ? undefined : environment.HOME) ?? os.homedir() } = options
  const rules = platform === 'win32' ? path.win32 : path.posix
  const { variable, unix, mac, windows } = PLACES[kind]
  const base = platform === 'win32' ? windows : platform === 'darwin' ? mac : unix
  const named = environment[platform === 'win32' ? (base.variable ?? '') : variable]
  return rules.join(named !== undefined && rules.isAbsolute(named) ? named : rules.join(home, ...base.folder), NAME)
}

/** Whether only the user, or root, could have written the file. On Windows the folder itself belongs to the user. */
export function isOnlyTheirs({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, user = process.getuid?.()): boolean {
  return user === undefined || ((uid === user || uid === 0) && (mode & 0o022) === 0)
}

const NAME = 'prisma-audit'

interface Place {
  readonly folder: readonly string[]
  /** A variable of Windows. */
  readonly variable?: string
}

const LOCAL: Place = { folder: ['AppData', 'Local'], variable: 'LOCALAPPDATA' }

const PLACES: Readonly<
  Record<UserFolder, { readonly variable: string; readonly unix: Place; readonly mac: Place; readonly windows: Place }>
> = {
  cache: {
    variable: 'XDG_CACHE_HOME',
    unix: { folder: ['.cache'] },
    mac: { folder: ['Library', 'Caches'] },
    windows: LOCAL,
  },
  state: {
    variable: 'XDG_STATE_HOME',
    unix: { folder: ['.local', 'state'] },
    mac: { folder: ['Library', 'Logs'] },
    windows: LOCAL,
  },
  config: {
    variable: 'XDG_CONFIG_HOME',
    unix: { folder: ['.config'] },
    mac: { folder: ['Library', 'Application Support'] },
    windows: { folder: ['AppData', 'Roaming'], variable: 'APPDATA' },
  },
}
