import { describeEvidence, rank } from './evidence'
import { modelMentions } from './mentions-model'
import { ModelWrites } from './model-writes'
import type { ApplicationAnswer, ApplicationEdit, CodeModels, EvidenceName, Note, Site } from './model'
import { textDigest } from '../schema/edits/text-digest'
import type { Range } from '../schema/model'
import type { FileFacts } from './facts'
import { GuardedCalls } from './guarded-calls'
import { modulePaths, type FindModule } from './module-paths'
import { readFacts } from './read-facts'
import { AnswerReaders } from './readers/answer-readers'
import { COMPONENT } from './readers/leads'
import { mayCopyWrittenDates, withAnyDate } from './readers/written-dates'
import { SelectJoin } from './selects/join-selects'
import { moduleLookup, type Resolve } from './selects/module-lookup'
import { ShownDates } from './shown-dates'
import { surroundings } from './surroundings'
import { TypedAnswers } from './typed-answers'
import type { SourceTree } from './syntax'
import { TextPlaces } from './text-places'

/**
 * The facts of the application's files; each text is read once. A change costs only the changed file and what refers to
 * it: selects, places and edits with the same inputs stay the same objects, so their results are reused. Only files
 * that mention a model are stored; others are read when an import leads to them.
 */
export class ApplicationIndex {
  private readonly paths = new Set<string>()
  /** Of the files that mention a model, and of those that an import led to. */
  private readonly facts = new Map<string, FileFacts>()
  private readonly imported = new Map<string, FileFacts>()
  /** Derived from the paths; null after they change. */
  private layout: Layout | null = null
  private readonly mentions: (text: string) => boolean
  private readonly guardedCalls: GuardedCalls
  private readonly shownDates: ShownDates
  private readonly readers: AnswerReaders
  private readonly writes: ModelWrites
  private readonly typedAnswers = new TypedAnswers()
  /** Files that give copies of records to components, with only the dates of today written out. */
  private readonly copying = new Set<string>()
  private readonly selects: SelectJoin
  private readonly marked = new WeakMap<Site, MarkedSite>()
  private readonly edits = new Map<string, EditsOfFile>()
  private visit: (path: string) => void = () => undefined

  /**
   * Paths below `root` are judged relative to it. `read` returns null for a file that cannot be read. Projects that are
   * not searched may have the pages.
   */
  constructor(
    private readonly models: CodeModels,
    private readonly root: string,
    private readonly read: (path: string) => string | null,
    private readonly hasOtherProjects = false,
  ) {
    this.mentions = modelMentions(models)
    this.guardedCalls = new GuardedCalls(read)
    this.shownDates = new ShownDates(models)
    this.readers = new AnswerReaders(read, (path) => this.shown(path), this.shownDates)
    this.writes = new ModelWrites(models)
    this.selects = new SelectJoin(models)
  }

  /** Adds a file, or replaces its text. */
  update(path: string, text: string): void {
    if (!this.paths.has(path)) this.layout = null
    this.paths.add(path)
    if (this.facts.get(path)?.text === text) return
    this.facts.delete(path)
    this.imported.delete(path)
    const shown = this.shown(path)
    this.guardedCalls.update(path, shown, text)
    this.shownDates.update(path, shown, text)
    this.readers.update(path, text)
    this.writes.update(path, shown, text)
    this.typedAnswers.update(path, text)
    if (mayCopyWrittenDates(text)) this.copying.add(path)
    else this.copying.delete(path)
    if (this.mentions(text)) this.facts.set(path, this.factsOf(path, text))
  }

  remove(path: string): void {
    this.layout = null
    this.paths.delete(path)
    this.guardedCalls.remove(path)
    this.shownDates.remove(path)
    this.readers.remove(path)
    this.writes.remove(path)
    this.typedAnswers.remove(path)
    this.copying.delete(path)
    this.facts.delete(path)
    this.imported.delete(path)
    this.edits.delete(path)
  }

  /** `only`: of the files with these paths, for whoever shows no others. */
  answer({ withUnlikely = false, only = null }: AnswerOptions = {}): ApplicationAnswer {
    this.layout ??= this.layoutNow()
    const { paths, find, resolve } = this.layout
    const files: FileFacts[] = []
    for (const path of paths) {
      const facts = this.facts.get(path)
      if (facts !== undefined) files.push(facts)
    }
    const joined = this.selects.join(files, {
      resolve,
      known: (path) => this.facts.get(path) ?? this.imported.get(path) ?? null,
      recordVisits: (visit) => {
        this.visit = visit
        return () => (this.visit = () => undefined)
      },
    })
    const around = surroundings({
      selects: joined.sites,
      areForAdministrators: (path, method) => this.guardedCalls.areForAdministrators(path, method),
      readingsOf: ({ calls = [], model: name }) => {
        const model = this.models.get(name)
        return model === undefined ? [] : calls.map((call) => this.readers.readingOf({ ...call, model }, find))
      },
      hasPages: this.shownDates.hasPages || this.hasOtherProjects,
      convertedTypes: new Set(files.flatMap(({ convertedTypes }) => convertedTypes)),
      hasTypedAnswer: (name) => this.typedAnswers.has(name),
      areNeverChanged: (model) => this.writes.areNeverChanged(model),
    })
    this.readers.release()
    const edits: ApplicationEdit[] = []
    const notes: string[] = []
    for (const path of only === null ? paths : paths.filter((each) => only.has(each))) {
      const facts = this.facts.get(path)
      const ofSelects = joined.sites.get(path) ?? NONE
      if (facts !== undefined || ofSelects.length > 0) {
        const sites = [...(facts?.sites ?? NONE), ...ofSelects].map((site) => {
          const withUsers = joined.withUsers.has(site.model) || around.answered.has(site.model)
          const hasAnyDate = this.copying.size > 0 && COMPONENT.test(path)
          return this.markedSite(site, { withUsers, hasAnyDate }, around.of(path, site))
        })
        for (const edit of this.editsOf(path, sites, withUnlikely)) edits.push(edit)
      }
      const ofFile: readonly Note[] = [...(joined.notes.get(path) ?? NONE), ...(facts?.notes ?? NONE)]
      if (ofFile.length > 0) notes.push(...new Set(ofFile.map(({ line, text }) => `${path}:${String(line)}: ${text}`)))
    }
    return { edits, notes }
  }

  /** The same object for the same site in the same surroundings. */
  private markedSite(
    site: Site,
    { withUsers, hasAnyDate }: { readonly withUsers: boolean; readonly hasAnyDate: boolean },
    around: readonly EvidenceName[],
  ): Site {
    const key = (withUsers ? 'users ' : '') + (hasAnyDate ? 'dates ' : '') + around.join(' ')
    const known = this.marked.get(site)
    if (known?.key === key) return known.site
    const isFed = around.includes('fed-by-select')
    const formed = inFormOf(site, withUsers, isFed)
    const isVague = around.includes('made-by-hand') || (hasAnyDate && !isFed)
    const inForm = site.kind === 'type' && isVague ? withAnyDate(formed) : formed
    const marked = around.length === 0 ? inForm : { ...inForm, evidence: [...inForm.evidence, ...around] }
    this.marked.set(site, { key, site: marked })
    return marked
  }

  private editsOf(path: string, sites: readonly Site[], withUnlikely: boolean): readonly ApplicationEdit[] {
    if (sites.length === 0) return []
    const known = this.edits.get(path)
    const isKnown =
      known?.withUnlikely === withUnlikely &&
      known.sites.length === sites.length &&
      known.sites.every((site, index) => site === sites[index])
    if (isKnown) return known.edits
    const text = (this.facts.get(path) ?? this.imported.get(path))?.text ?? ''
    const edits = placed(path, text, sites, withUnlikely)
    this.edits.set(path, { sites, withUnlikely, edits })
    return edits
  }

  private layoutNow(): Layout {
    const paths = [...this.paths].sort()
    const find = modulePaths(paths)
    const resolve = moduleLookup(find, (path) => {
      this.visit(path)
      return this.factsOf(path)
    })
    return { paths, find, resolve }
  }

  private factsOf(path: string): FileFacts | null
  private factsOf(path: string, text: string): FileFacts
  private factsOf(path: string, given: string | null = null): FileFacts | null {
    const known = this.facts.get(path) ?? this.imported.get(path)
    if (known !== undefined) return known
    const text = given ?? this.read(path)
    if (text === null) return null
    const keep = (tree: SourceTree) => this.readers.keep(path, tree)
    const facts = { ...readFacts({ path: this.shown(path), text }, this.models, keep), path }
    if (given === null) this.imported.set(path, facts)
    return facts
  }

  private shown(path: string): string {
    return this.root !== '' && path.startsWith(this.root) ? path.slice(this.root.length) : path
  }
}

interface AnswerOptions {
  readonly withUnlikely?: boolean
  readonly only?: { has(path: string): boolean } | null
}

interface Layout {
  /** Sorted, so that the result does not depend on the order of the files. */
  readonly paths: readonly string[]
  readonly find: FindModule
  readonly resolve: Resolve
}

interface MarkedSite {
  readonly key: string
  readonly site: Site
}

interface EditsOfFile {
  readonly sites: readonly Site[]
  readonly withUnlikely: boolean
  readonly edits: readonly ApplicationEdit[]
}

const NONE: readonly never[] = []

/**
 * A type describes what the application returns: users if its selects ask for them, as the one that it certainly gets does,
 * otherwise the keys that whole records have.
 */
function inFormOf(site: Site, withUsers: boolean, isFed: boolean): Site {
  const form = isFed ? site.asSelected : withUsers ? undefined : site.byKey
  return form === undefined ? site : { ...site, ...form }
}

function placed(path: string, text: string, sites: readonly Site[], withUnlikely: boolean): ApplicationEdit[] {
  const ranked = sites
    .map((site) => ({ site, verdict: rank(site.evidence) }))
    .filter(({ verdict }) => verdict !== 'left-out' || withUnlikely)
    .sort((a, b) => a.site.start - b.site.start)
  if (ranked.length === 0) return []
  const places = new TextPlaces(text)
  const rangeOf = ({ start, end }: { readonly start: number; readonly end: number }): Range => ({
    start: places.positionAt(start),
    end: places.positionAt(end),
  })
  const edits: ApplicationEdit[] = []
  const madeFor = textDigest(text)
  let behind = -1
  for (const { site, verdict } of ranked) {
    if (site.start < behind) continue
    behind = site.end
    edits.push({
      file: path,
      range: rangeOf(site),
      newText: site.newText,
      madeFor,
      title: site.title,
      place: rangeOf(site.place),
      model: site.model,
      names: site.names,
      kind: site.kind,
      isTicked: verdict === 'ticked',
      evidence: describeEvidence(site.evidence),
    })
  }
  return edits
}
