import { LIMITS, lineOf, type SafeLine, type SafeText } from './safe-text'

/**
 * A line for VS Code's notifications, dialogs, progress, status bar, code lenses and titles of actions. These make links of `[text](command:…)` and icons
 * of `$(name)`; a space between the brackets leaves both as text that reads the same.
 */
export function notificationLine(foreign: string, limit: number = LIMITS.message): SafeLine {
  return lineOf(foreign, limit).replaceAll('](', '] (').replaceAll('$(', '$ (') as SafeLine
}

/** The same for text of several lines that is safe already, such as what `describeError` says. */
export function notificationText(text: SafeText): SafeText {
  return text
    .split('\n')
    .map((line) => notificationLine(line))
    .join('\n') as SafeText
}
