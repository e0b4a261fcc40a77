/**
 * Names for folders of migrations, `YYYYMMDDHHMMSS_prisma_audit_<word>` in UTC as Prisma writes them. They sort in the
 * order of the words, and behind `newest`, the last name that is there already, whatever it looks like. The last one is
 * of now where that is possible, so that a migration that Prisma makes a moment later comes behind them.
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
 * May a folder of ours be called so? One segment of a path on every system, that ends as `nameFolders` lets it end: names
 * come out of the journal and out of Prisma's table, and are looked at before anything is written there.
 */
export function isFolderName(name: string): boolean {
  return isSegment(name) && /(?:^|_)\d{14}_prisma_audit(?:_[a-z0-9_]+)?$/.test(name)
}

/** Is it one segment of a path, and none that a system takes for something else? */
export function isSegment(name: string): boolean {
  return name.length <= LONGEST_NAME && name.search(UNFIT) === -1 && !/^\.|[. ]$/.test(name) && name.trim() !== ''
}

/** What a system takes for something else than a part of a name. */
const UNFIT = /[/\\:*?"<>|\p{Cc}]/gu

/** What may stand in a folder's name on every system: lower case letters, digits and underscores. */
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
 * Where the newest name is no date and sorts behind one, ours begins with it. It may come out of a table, where it can be
 * anything: what cannot stand in a folder's name gives way to a character that sorts behind all such.
 */
function prefixOf(newest: string | null, timestamp: string): string {
  if (newest === null || newest < timestamp || dateOf(newest) !== null) return ''
  return `${newest.slice(0, LONGEST_WORD).replace(UNFIT, '~').replace(/^\./, '~')}_`
}

function timestampOf(date: Date): string {
  return date.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** Null where the name does not begin with a date and a time that there are. */
function dateOf(name: string): Date | null {
  const [digits, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(name) ?? []
  if (digits === undefined) return null
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number)
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  return timestampOf(date) === digits ? date : null
}
