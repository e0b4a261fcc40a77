import { LIMITS, lineOf, type SafeLine, type SafeText } from './safe-text'

/**
 * A line for VS Code's notifications, dialogs, progress and status bar. These make links of `[text](command:…)` and icons
 * of `$(name)`; a space between the brackets leaves both as text that reads the same.
 */
export function notificationLine(foreign: string): SafeLine {
  return lineOf(foreign, LIMITS.message).replaceAll('](', '] (').replaceAll('$(', '$ (') as SafeLine
}

/** The same for text of several lines that is safe already, such as what `describeError` says. */
export function notificationText(text: SafeText): SafeText {
  return text.split('\n').map(notificationLine).join('\n') as SafeText
}
