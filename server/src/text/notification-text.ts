import { LIMITS, lineOf, type SafeLine, type SafeText } from './safe-text'

/**
 * A line for VS Code's notifications, dialogs, progress, status bar, code lenses and titles of actions. These turn
 * `[text](command:…)` into links and `$(name)` into icons; a space between the brackets prevents both and reads the
 * same.
 */
export function notificationLine(foreign: string, limit: number = LIMITS.message): SafeLine {
  return lineOf(foreign, limit).replaceAll('](', '] (').replaceAll('$(', '$ (') as SafeLine
}

/** The same for safe text of several lines, such as that of `describeError`. */
export function notificationText(text: SafeText): SafeText {
  return text
    .split('\n')
    .map((line) => notificationLine(line))
    .join('\n') as SafeText
}
