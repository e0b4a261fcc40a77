import type { Stats } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { EnvironmentVariables } from './environment-variables'

/** What only saves time; what programs remember for a person to read; what they were told. */
export type UserFolder = 'cache' | 'state' | 'config'

export interface UserFolderOptions {
  readonly environment: EnvironmentVariables
  readonly platform?: NodeJS.Platform
  readonly home?: string
}

/** The user's own folder of a kind, by the customs of each system. Nothing need be there yet. */
export function userFolder(kind: UserFolder, options: UserFolderOptions): string {
  const { environment, platform = process.platform } = options
  const { home = (platform === 'win32' ? undefined : environment.HOME) ?? os.homedir() } = options
  const rules = platform === 'win32' ? path.win32 : path.posix
  const { variable, unix, mac, windows } = PLACES[kind]
  const base = platform === 'win32' ? windows : platform === 'darwin' ? mac : unix
  const named = environment[platform === 'win32' ? (base.variable ?? '') : variable]
  return rules.join(named !== undefined && rules.isAbsolute(named) ? named : rules.join(home, ...base.folder), NAME)
}

/** Could only the user, or root, have written the file? On Windows the folder itself is the user's own. */
export function isOnlyTheirs({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, user = process.getuid?.()): boolean {
  return user === undefined || ((uid === user || uid === 0) && (mode & 0o022) === 0)
}

const NAME = 'prisma-audit'

interface Place {
  readonly folder: readonly string[]
  /** Windows' own variable. */
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
