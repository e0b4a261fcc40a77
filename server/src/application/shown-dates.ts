import { isTestPath, placeEvidence } from './place-evidence'
import { NamedRecords } from './named-records'
import type { CodeModels } from './model'

/**
 * The models whose dates or editors a page shows: `{formatDate(lead.createdAt)}`, `accessorKey: 'updatedAt'` in the
 * columns of a table of leads. Where an application has pages, a field that nobody looks at is not missing beside a
 * date that no page shows. By text alone, because most pages mention no model and are not parsed.
 */
export class ShownDates {
  private readonly byFile = new Map<string, ShownIn>()
  /** The models of all pages of a program; null after they change. */
  private programs: ReadonlyMap<string, ReadonlySet<string>> | null = null
  private readonly records: NamedRecords

  constructor(models: CodeModels) {
    this.records = new NamedRecords(models)
  }

  /** `shown` is the path below the application's folder. */
  update(path: string, shown: string, text: string): void {
    this.remove(path)
    if (!PAGE.test(shown) || isTestPath(shown) || placeEvidence(shown, null, '').includes('job-path')) return
    this.byFile.set(path, { program: programOf(shown), models: this.shownIn(shown, text) })
    this.programs = null
  }

  remove(path: string): void {
    if (this.byFile.delete(path)) this.programs = null
  }

  /**
   * Whether a page shows dates of the model. What belongs to a program with pages is asked of these, such as the types
   * of a frontend; what serves several of them is asked of all. Null if there is no page: nothing is known.
   */
  areShown(shown: string, model: string): boolean | null {
    this.programs ??= this.programsNow()
    const own = this.programs.get(programOf(shown) ?? '')
    if (own !== undefined) return own.has(model)
    return this.programs.size === 0 ? null : [...this.programs.values()].some((models) => models.has(model))
  }

  private programsNow(): ReadonlyMap<string, ReadonlySet<string>> {
    const programs = new Map<string, Set<string>>()
    for (const { program, models } of this.byFile.values()) {
      const known = programs.get(program ?? '') ?? new Set()
      for (const model of models) known.add(model)
      programs.set(program ?? '', known)
    }
    return programs
  }

  private shownIn(shown: string, text: string): readonly string[] {
    const owners: (string | undefined)[] = []
    for (const match of text.matchAll(DATE)) {
      const [whole, owner] = match
      const end = match.index + whole.length
      const isCompared =
        COMPARED_BEFORE.test(text.slice(Math.max(0, match.index - 30), match.index)) ||
        COMPARED_BEHIND.test(text.slice(end, end + 60))
      if (!isCompared) owners.push(owner)
    }
    return owners.length === 0 ? [] : this.records.modelsOf(owners, shown, text)
  }
}

interface ShownIn {
  readonly program: string | null
  readonly models: readonly string[]
}

/** `frontend`, `apps/admin`, `customer_web`; null for a folder that is not known to be a program of its own. */
function programOf(shown: string): string | null {
  return PROGRAM.exec(shown)?.[1] ?? null
}

const PROGRAM =
  /^[\\/]?(apps[\\/][^\\/]+|(?:[\w-]*[_-])?(?:frontend|client|web|webapp|website|mobile|admin|dashboard|portal|ui)(?:[_-][\w-]*)?)[\\/]/i

/** Components, and the columns of their tables. */
const PAGE = /\.(?:[jt]sx|vue|svelte)$|columns?\.[jt]s$/i

const NAMES = String.raw`(?:(?:[cC]reated?|[uU]pdated?|modified|changed|inserted|lastModified|lastUpdated)_?(?:[aA]t|[oO]n|[dD]ate|[tT]ime|[bB]y)|date_?(?:[cC]reated|[uU]pdated|[mM]odified)|creator)\b`

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
