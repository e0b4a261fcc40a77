import { isTestPath } from './place-evidence'
import { ANY_MODEL, NamedRecords } from './named-records'
import type { CodeModels } from './model'

/**
 * Which pages show dates of a model's records: `{formatDate(lead.createdAt)}`, `accessorKey: 'updatedAt'` in
 * the columns of a table of leads. By text alone, because most pages mention no model and are not parsed.
 */
export class ShownDates {
  private readonly byFile = new Map<string, Shown>()
  private readonly records: NamedRecords

  constructor(models: CodeModels) {
    this.records = new NamedRecords(models)
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (PAGE.test(shown) && !NO_PAGE.test(shown) && !isTestPath(shown)) this.byFile.set(path, this.shownIn(shown, text))
  }

  remove(path: string): void {
    this.byFile.delete(path)
  }

  /** Where there is none, nothing is known of what people see. */
  get hasPages(): boolean {
    return this.byFile.size > 0
  }

  /** Of a page that reads records of the model: what no name tells from others is one of these. */
  shows(path: string, model: string): boolean {
    return isAmong(this.byFile.get(path)?.models, model)
  }

  /** The same for the columns of its tables: `accessorKey: 'createdAt'`. */
  hasColumn(path: string, model: string): boolean {
    return isAmong(this.byFile.get(path)?.columns, model)
  }

  private shownIn(shown: string, text: string): Shown {
    const owners: (string | undefined)[] = []
    let hasColumns = false
    for (const match of text.matchAll(DATE)) {
      const [whole, owner] = match
      if (isCompared(text, match.index, match.index + whole.length)) continue
      owners.push(owner)
      hasColumns ||= /['"\x60]$/.test(whole) && owner === undefined
    }
    if (owners.length === 0) return { models: [], columns: [] }
    return {
      models: this.records.modelsOf(owners, shown, text),
      columns: hasColumns ? this.records.modelsOf([undefined], shown, text) : [],
    }
  }
}

interface Shown {
  readonly models: readonly string[]
  readonly columns: readonly string[]
}

function isAmong(models: readonly string[] = [], model: string): boolean {
  return models.includes(model) || models.includes(ANY_MODEL)
}

/** Whether the date between the offsets is only passed on or compared. */
export function isCompared(text: string, start: number, end: number): boolean {
  return (
    COMPARED_BEFORE.test(text.slice(Math.max(0, start - 30), start)) || COMPARED_BEHIND.test(text.slice(end, end + 60))
  )
}

/** Components, and the columns of their tables. */
const PAGE = /\.(?:[jt]sx|vue|svelte)$|columns?\.[jt]s$/i

/** Templates of messages and documents are components, too. */
const NO_PAGE = /(?:^|[\\/])(?:e?mails?|pdfs?|invoice-?templates?)[\\/]/i

const NAMES = String.raw`(?:(?:[cC]reated?|[uU]pdated?|modified|changed|inserted|lastModified|lastUpdated)_?(?:[aA]t|[oO]n|[dD]ate|[tT]ime)|date_?(?:[cC]reated|[uU]pdated|[mM]odified))\b`

/**
 * `lead.createdAt`, `lead?.['createdAt']`, `(createdAt)`, `{createdAt}`, `accessorKey: 'createdAt'`,
 * `field="createdAt"`.
 */
const DATE = new RegExp(
  String.raw`\b(\w{1,60})[!?]?(?:\.|(?:\?\.)?\[['"])${NAMES}|(?<=[({]\s{0,9})${NAMES}(?=\s{0,9}[)}]\s{0,9}[)}<])|` +
    String.raw`\b(?:accessor(?:Key|Fn)?|dataIndex|dataKey|column(?:Key|Def)?|field|prop|property|source|key|id|name)\s{0,9}[:=(]\s{0,9}\{?['"\x60]${NAMES}['"\x60](?![^\n]{0,60}\b(?:asc|desc|sort|order|direction)\b)|` +
    String.raw`\baccessor\(\s{0,9}['"\x60]${NAMES}`,
  'g',
)

/** `createdAt: lead.createdAt` passes it on, `a - new Date(lead.createdAt)` compares it. */
const COMPARED_BEFORE =
  /(?:-|<=?|(?<!=)>=?|[!=]==?)\s*(?:\+?\s*(?:new\s+)?Date\(|dayjs\(|moment\()?\s*$|\b(?:\w+(?:_at|At|On|_on))\s*:\s*(?:new\s+Date\()?\s*$/

const COMPARED_BEHIND =
  /^[!)]{0,3}\s*(?:\.(?:getTime|valueOf|localeCompare|startsWith|includes)\(|-(?![->])|[<>]=?\s*[\w(]|[!=]==?\s*\w)/
