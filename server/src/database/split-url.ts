/**
 * A connection URL before and behind its `?`. A fragment (`…/db#x`) says nothing to a server: Prisma leaves it out, and
 * so do we. A `#` before the path is part of a password that is not encoded, and stays for the error about it.
 */
export function splitUrl(url: string): [base: string, query: string] {
  const whole = url.trim()
  const authority = /^[^:]*:\/\/[^/?#]*/.exec(whole)?.[0].length ?? 0
  const fragment = whole[authority] === '#' ? -1 : whole.indexOf('#', authority)
  const plain = fragment === -1 ? whole : whole.slice(0, fragment)
  const mark = plain.indexOf('?')
  return mark === -1 ? [plain, ''] : [plain.slice(0, mark), plain.slice(mark + 1)]
}
