/**
 * A message for a notification or a dialog's head, as one line. The server's words are safe already; what else says why
 * something failed may be long, and a notification makes links of `[text](target)`, of commands too.
 */
export function messageText(message: string): string {
  const line = message.slice(0, LONGEST).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
  return (message.length > LONGEST ? `${line}…` : line).replaceAll('](', '] (')
}

const LONGEST = 1200
