import type { EnvironmentVariables } from './environment-variables'

/** The arguments of `spawn` for a command. */
export interface StartableCommand {
  readonly program: string
  readonly words: readonly string[]
  /** Whether the words are what the program must get, quotes included. */
  readonly windowsVerbatimArguments: boolean
}

/**
 * Windows can start `npm`, `npx` and any other `.cmd` only through its shell, which interprets some characters in
 * arguments; a command with one of them is not started: null. On other systems a command is started unchanged.
 */
export function startableCommand(
  [program = '', ...words]: readonly string[],
  environment: EnvironmentVariables,
  platform: NodeJS.Platform = process.platform,
): StartableCommand | null {
  if (platform !== 'win32' || /\.(?:exe|com)$/i.test(program))
    return { program, words, windowsVerbatimArguments: false }
  if ([program, ...words].some((word) => /[&|<>^%"!()\r\n]/.test(word))) return null
  // To this shell, a slash in the name of a program starts an option.
  const line = [program.replaceAll('/', '\\'), ...words].map(quotedForWindows).join(' ')
  // With `/s`, it takes off the outer quotes and leaves the others alone.
  const shell = environment.ComSpec ?? 'cmd.exe'
  return { program: shell, words: ['/d', '/s', '/c', `"${line}"`], windowsVerbatimArguments: true }
}

/** A word without quotes, as programs read it back: a backslash before a quote would escape it. */
function quotedForWindows(word: string): string {
  return word === '' || /[\s,;=]/.test(word) ? `"${word.replace(/\\+$/, '$&$&')}"` : word
}

/** The file name of a program on this system. */
export function programFile(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `${name}.exe` : name
}
