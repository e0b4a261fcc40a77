/**
 * A message for a notification or the title of a dialog, as one line. The server's texts are already safe; other
 * failure reasons may be long, and a notification turns `[text](target)` into links, even to commands.
 */
export function messageText(message: string): string {
  const line = message.slice(0, LONGEST).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return (message.length > LONGEST ? `${line}…` : line).replaceAll('](', '] (')
}

const LONGEST = 1200
