import type { EnvironmentVariables } from './environment-variables'

/** What `spawn` takes for a command, or why it cannot be started. */
export type StartableCommand =
  { readonly program: string; readonly words: readonly string[] } | { readonly why: string }

/**
 * Windows starts `npm`, `npx` and all that is a `.cmd` only by its shell, which obeys some characters in any argument; a command with one of
 * them is not started. Everywhere else a command is started as it is.
 */
export function startableCommand(
  [program = '', ...words]: readonly string[],
  environment: EnvironmentVariables,
  platform: NodeJS.Platform = process.platform,
): StartableCommand {
  if (platform !== 'win32' || /\.(?:exe|com)$/i.test(program)) return { program, words }
  if ([program, ...words].some((word) => /[&|<>^%"!()\r\n]/.test(word)))
    return { why: 'an argument has a character that the Windows shell would interpret' }
  return { program: environment.ComSpec ?? 'cmd.exe', words: ['/d', '/s', '/c', program, ...words] }
}

/** A program's file as the system names it. */
export function programFile(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `${name}.exe` : name
}
