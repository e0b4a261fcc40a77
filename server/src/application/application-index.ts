import { describeEvidence, rank } from './evidence'
import { isChangeDate } from './field-names'
import { modelMentions } from './mentions-model'
import type { ApplicationAnswer, ApplicationEdit, CodeModels, Note, Site } from './model'
import type { Range } from '../schema/model'
import type { FileFacts } from './facts'
import { readFacts } from './read-facts'
import { Callers } from './selects/callers'
import { joinSelects } from './selects/join-selects'
import { moduleLookup, type Resolve } from './selects/module-lookup'
import { TextPlaces } from './text-places'

/**
 * The application's files by what they say, each read once for its text. A change costs the changed file and the joining
 * of what is known of the others. Only files that mention a model are kept; others are read when an import leads there.
 */
export class ApplicationIndex {
  private readonly paths = new Set<string>()
  private readonly facts = new Map<string, FileFacts>()
  /** Made for the paths that are known; null where these have changed. */
  private lookup: Resolve | null = null
  private readonly mentions: (text: string) => boolean
  private readonly callers = new Callers()

  /** Paths below `root` are judged without it. `read` answers null for a file that cannot be read. */
  constructor(
    private readonly models: CodeModels,
    private readonly root: string,
    private readonly read: (path: string) => string | null,
  ) {
    this.mentions = modelMentions(models)
  }

  /** Takes in a new file, or a new text of one. */
  update(path: string, text: string): void {
    if (!this.paths.has(path)) this.lookup = null
    this.paths.add(path)
    if (this.facts.get(path)?.text === text) return
    this.facts.delete(path)
    this.callers.update(path, text)
    if (this.mentions(text)) this.facts.set(path, this.factsOf(path, text))
  }

  remove(path: string): void {
    this.lookup = null
    this.paths.delete(path)
    this.callers.remove(path)
    this.facts.delete(path)
  }

  answer(withUnlikely = false): ApplicationAnswer {
    this.lookup ??= moduleLookup([...this.paths], (path) => this.factsOf(path))
    const joined = joinSelects([...this.facts.values()], {
      models: this.models,
      resolve: this.lookup,
      forOneself: this.callers.onlyForOneself(),
    })
    const applications = otherApplications(this.paths, this.root)
    const shared = [...this.facts.values()].flatMap(({ sites }) => sites)
    const changes = beside(shared, [...joined.sites.values()].flat())
    const edits: ApplicationEdit[] = []
    const notes: string[] = []
    for (const path of this.paths) {
      const facts = this.facts.get(path)
      if (facts === undefined) continue
      const ownSites = facts.sites.map((site) => applications(path, inFormOfAnswers(site, joined.withUsers)))
      edits.push(
        ...placed(path, facts.text, [...ownSites, ...(joined.sites.get(path) ?? [])].map(changes), withUnlikely),
      )
      const ofFile: Note[] = [...(joined.notes.get(path) ?? []), ...facts.notes]
      notes.push(...new Set(ofFile.map((note) => `${path}:${String(note.line)}: ${note.text}`)))
    }
    return { edits, notes }
  }

  private factsOf(path: string): FileFacts | null
  private factsOf(path: string, text: string): FileFacts
  private factsOf(path: string, given: string | null = null): FileFacts | null {
    const known = this.facts.get(path)
    if (known !== undefined) return known
    const text = given ?? this.read(path)
    if (text === null) return null
    const shown = this.root !== '' && path.startsWith(this.root) ? path.slice(this.root.length) : path
    const facts = { ...readFacts({ path: shown, text }, this.models), path }
    this.facts.set(path, facts)
    return facts
  }
}

/** A type says what the application answers: users where its selects ask for them, else what whole records have, their keys. */
function inFormOfAnswers(site: Site, withUsers: ReadonlySet<string>): Site {
  return site.byKey === undefined || withUsers.has(site.model) ? site : { ...site, ...site.byKey }
}

/**
 * Code that shows elsewhere when a record was changed has had that date for long, so a place that only shows when it was created
 * leaves the other out on purpose. A type then shows what a select asks for: it follows a select that comes ticked.
 * Answers what marks such a place.
 */
function beside(own: readonly Site[], selects: readonly Site[]): (site: Site) => Site {
  const all = [...own, ...selects]
  const shown = new Set(all.flatMap(({ model, evidence }) => (evidence.includes('shows-changes') ? [model] : [])))
  const isLeftOut = ({ evidence, model }: Site) => !evidence.includes('admin-path') && shown.has(model)
  const answered = new Set(
    selects.flatMap((site) => (rank(site.evidence) === 'ticked' && !isLeftOut(site) ? [site.model] : [])),
  )
  return (site) => {
    const shows = site.evidence.some((name) => name === 'shows-changes' || name === 'shows-editors')
    if (shows || site.kind === 'breaks' || !site.names.some(isChangeDate)) return site
    // Resolvers answer whole records.
    const isAnswered = site.kind === 'select' || site.kind === 'graphql' || answered.has(site.model)
    return isAnswered && !isLeftOut(site) ? site : { ...site, evidence: [...site.evidence, 'changes-not-shown'] }
  }
}

/**
 * Where administrators have an application of their own (`apps/admin`), the types of the others beside it are for those
 * who do not ask who changed a record. Answers what marks such a type.
 */
function otherApplications(paths: Iterable<string>, root: string): (path: string, site: Site) => Site {
  const applicationOf = (path: string) => APPLICATION.exec(path.startsWith(root) ? path.slice(root.length) : path)?.[1]
  const all = new Set([...paths].map(applicationOf))
  const hasOneForAdministrators = [...all].some((name) => name !== undefined && /admin|back-?office/i.test(name))
  if (!hasOneForAdministrators) return (_, site) => site
  return (path, site) => {
    const name = applicationOf(path)
    const isOther =
      name !== undefined &&
      !/admin|back-?office|api|server|backend|^(?:src|packages|libs?|shared|types|core)$/i.test(name)
    return isOther && site.kind !== 'breaks' ? { ...site, evidence: [...site.evidence, 'other-application'] } : site
  }
}

const APPLICATION = /^[\\/]?(?:apps[\\/])?([^\\/]+)[\\/]/

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
  let behind = -1
  for (const { site, verdict } of ranked) {
    if (site.start < behind) continue
    behind = site.end
    edits.push({
      file: path,
      range: rangeOf(site),
      newText: site.newText,
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
