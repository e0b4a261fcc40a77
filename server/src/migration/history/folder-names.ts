/**
 * Names for migration folders, `YYYYMMDDHHMMSS_prisma_audit_<word>` in UTC as in Prisma. They sort in the order of the
 * words, and after `newest`, the last existing name, whatever its format. If possible, the last one has the current
 * time, so that a migration that Prisma creates a moment later sorts after them.
 */
export function nameFolders(
  words: readonly string[],
  { now, newest }: { readonly now: Date; readonly newest: string | null },
): string[] {
  const wanted = new Date(now.getTime() - 1000 * (words.length - 1))
  const prefix = prefixOf(newest, timestampOf(wanted))
  const latest = newest === null ? null : dateOf(newest)
  const first = new Date(Math.max(wanted.getTime(), latest === null ? 0 : latest.getTime() + 1000))
  return words.map((word, index) => {
    const timestamp = timestampOf(new Date(first.getTime() + 1000 * index))
    return cut(`${prefix}${timestamp}_prisma_audit${word === '' ? '' : `_${word}`}`)
  })
}

/**
 * Whether this is a valid name for a folder of ours: one path segment on every system, with an ending that
 * `nameFolders` creates. Names come from the journal and from Prisma's table, and are validated before anything is
 * written there.
 */
export function isFolderName(name: string): boolean {
  return isSegment(name) && /(?:^|_)\d{14}_prisma_audit(?:_[a-z0-9_]+)?$/.test(name)
}

/** Whether it is one path segment without a special meaning on any system. */
export function isSegment(name: string): boolean {
  return name.length <= LONGEST_NAME && name.search(UNFIT) === -1 && !/^\.|[. ]$/.test(name) && name.trim() !== ''
}

/** Names with a special meaning on some system. */
const UNFIT = /[/\\:*?"<>|\p{Cc}]/gu

/** Valid characters of a folder's name on every system: lower-case letters, digits and underscores. */
export function wordOf(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST_WORD)
}

const LONGEST_WORD = 60

/** Of `_prisma_migrations.migration_name`. */
const LONGEST_NAME = 255

function cut(name: string): string {
  return name.slice(0, LONGEST_NAME)
}

/**
 * If the newest name does not start with a date and sorts after one, ours starts with it. It may come from a table and
 * contain anything: characters that are invalid in a folder's name are replaced by one that sorts after them.
 */
function prefixOf(newest: string | null, timestamp: string): string {
  if (newest === null || newest < timestamp || dateOf(newest) !== null) return ''
  return `${newest.slice(0, LONGEST_WORD).replace(UNFIT, '~').replace(/^\./, '~')}_`
}

function timestampOf(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** Null if the name does not start with a valid date and time. */
function dateOf(name: string): Date | null {
  const [digits, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(name) ?? []
  if (digits === undefined) return null
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number)
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  return timestampOf(date) === digits ? date : null
}
