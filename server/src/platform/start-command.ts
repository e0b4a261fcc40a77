import type { EnvironmentVariables } from './environment-variables'

/** The arguments of `spawn` for a command, or why it cannot be started. */
export type StartableCommand =
  { readonly program: string; readonly words: readonly string[] } | { readonly why: string }

/**
 * Windows can start `npm`, `npx` and any other `.cmd` only through its shell, which interprets some characters in
 * arguments; a command with one of them is not started. On other systems a command is started unchanged.
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

/** The file name of a program on this system. */
export function programFile(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `${name}.exe` : name
}
