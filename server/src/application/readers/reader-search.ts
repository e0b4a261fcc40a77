import { stemOf } from '../module-paths'
import type { CodeModel } from '../model'
import { addressOfFile, asksFor, type Address } from './addresses'
import { AskedWorkspace, type Sources } from './asked-workspace'
import type { FileQuestions, PageAnswer, Place } from './file-questions'
import { COMPONENT, namesOf, pageOf, type Lead, type NameLead } from './leads'
import { headOf, mountsOf, prefixOf } from './mounts'
import { escaped, lastOf } from './references-elsewhere'
import { NOBODY_YET, visitAt, type Visit } from './visitors'

/** A call whose result is sent or returned. */
export interface ReadCall {
  readonly path: string
  readonly start: number
  readonly model: CodeModel
}

/** Who reads a result. */
export interface Reading {
  /** Whether a page was found that reads it, and whether one of them shows a date of such records. */
  readonly isRead: boolean
  readonly isShown: boolean
  /** Whether a request arrives on the way that nothing asks for a role. */
  readonly isOpen: boolean
  /** Whether it gets to properties that may have no `Date`, and only the dates of today are written out for them. */
  readonly isWritten: boolean
  /** The types on the way to such a page, each as `name place`. */
  readonly types: ReadonlySet<string>
  /** Those of them on whose way only the dates of today are written out, and other dates stay a `Date`. */
  readonly writtenTypes: ReadonlySet<string>
  /** What it depends on. */
  readonly files: ReadonlySet<string>
  readonly words: ReadonlySet<string>
}

/** What is known of the way to a place. */
interface Way {
  /** What the dates are: as in the record, some of them written out, or all of them, in JSON. */
  readonly dates: 'kept' | 'some-written' | 'sent'
  readonly visit: Visit
}

/** Follows one result to its readers. */
export class ReaderSearch {
  private isRead = false
  private isShown = false
  private isOpen = false
  private isWritten = false
  /** What else is in the answer. */
  private others: ReadonlySet<string> = new Set()
  private way: Way = { dates: 'kept', visit: NOBODY_YET }
  private readonly types = new Set<string>()
  private readonly writtenTypes = new Set<string>()
  private readonly workspace: AskedWorkspace
  private readonly followed = new Map<string, boolean>()

  constructor(
    sources: Sources,
    private readonly model: CodeModel,
  ) {
    this.workspace = new AskedWorkspace(sources)
  }

  of({ path, start }: ReadCall): Reading {
    const call = this.ask(path).callAt(start, this.model)
    if (call !== null) {
      this.others = call.others
      this.follow(path, call.place, 0)
    }
    return this.reading
  }

  /** As far as it got. */
  get reading(): Reading {
    const { isRead, isShown, isOpen, isWritten, types, writtenTypes } = this
    const { files, words } = this.workspace
    return { isRead, isShown, isOpen, isWritten, types, writtenTypes, files, words }
  }

  /** Whether the value at a place gets to a page that shows a date of such records. */
  private follow(path: string, place: Place, depth: number): boolean {
    const found = this.ask(path).leadFrom(place, this.workspace.shown(path))
    if (found === null) return false
    const { lead, scope } = found
    // `const { users } = await list()`, of which only `users.map((user) => ({ id: user.id, … }))` is returned.
    const given = depth > 0 && lead.kind !== 'page' ? this.ask(path).givenAway(place, this.model, this.others) : null
    if (given?.isGiven === false) return false
    const { others, way: before } = this
    // A hook returns `{ users, orders }`: what a page shows of the orders says nothing about the users.
    if (given !== null) this.others = new Set([...others, ...given.besides])
    const visit = visitAt(this.workspace, before.visit, path, place, lead)
    this.isOpen ||= visit.isOpen
    this.way = { dates: lead.kind === 'route' ? 'sent' : before.dates, visit }
    if (lead.kind !== 'route') this.lookForDates(path, scope)
    const isShown = this.isKnownToBeShown(path, place, lead, depth)
    if (isShown || !this.workspace.dates.hasPages) this.addTypes(this.ask(path).typesIn(scope))
    this.way = before
    this.others = others
    return isShown
  }

  private isKnownToBeShown(path: string, place: Place, lead: Lead, depth: number): boolean {
    const key = [
      path,
      JSON.stringify(lead),
      lead.kind === 'page' ? place.start : '',
      this.way.dates,
      JSON.stringify(this.way.visit),
      [...this.others].join(),
    ].join(' ')
    const known = this.followed.get(key)
    if (known !== undefined) return known
    if (depth > DEEPEST || this.followed.size > MOST_FOLLOWED) return false
    this.followed.set(key, false)
    const isShown = this.isLeadShown(path, place, lead, depth + 1)
    this.followed.set(key, isShown)
    return isShown
  }

  private isLeadShown(path: string, place: Place, lead: Lead, depth: number): boolean {
    switch (lead.kind) {
      case 'page':
        this.isRead = true
        this.isWritten ||= this.way.dates === 'some-written' && this.ask(path).matches('plain props', () => PLAIN_PROPS)
        return this.isPageShown(pageOf(path), [place], 3)
      case 'route':
        return this.isRouteShown(path, lead.isMounted ? this.mounted(path, lead.address) : lead.address, depth)
      case 'name':
        return this.isNameShown(path, lead, depth)
    }
  }

  private lookForDates(path: string, scope?: Place): void {
    if (this.way.dates === 'kept' && this.ask(path).writesDates(this.model, scope))
      this.way = { ...this.way, dates: 'some-written' }
  }

  /** The page itself, or a component that it gives the records to. */
  private isPageShown(path: string, seeds: readonly (Place | string)[], depth: number): boolean {
    const before = this.way
    this.lookForDates(path)
    if (this.isGivenWrittenDates(path)) this.way = { ...this.way, dates: 'some-written' }
    const isShown = this.isComponentShown(path, seeds, depth)
    this.way = before
    return isShown
  }

  private isComponentShown(path: string, seeds: readonly (Place | string)[], depth: number): boolean {
    // The markup of Vue and Svelte is not parsed.
    const isParsed = /\.[jt]sx?$/.test(path)
    const page = isParsed ? this.ask(path).page(this.model, seeds, this.others) : null
    if (isParsed ? page === null : !this.ask(path).isRead) return false
    let isShown = page === null ? this.workspace.dates.shows(path, this.model.model) : page.isShown
    if (page !== null && !isShown && !page.isEmpty) {
      const columns = this.workspace.importedBy(path, (...names) => names.some((each) => /columns?$/i.test(each)))
      isShown = [path, ...columns].some((each) => this.workspace.dates.hasColumn(each, this.model.model))
    }
    for (const [part, properties] of depth > 0 ? this.partsOf(path, page) : []) {
      if (part !== path && this.isPageShown(part, properties, depth - 1)) isShown = true
    }
    if (isShown) {
      this.isShown = true
      this.addTypes(this.ask(path).allTypes())
    }
    return isShown
  }

  /** The components that get the value, each with the properties that have it. */
  private partsOf(path: string, page: PageAnswer | null): ReadonlyMap<string, string[]> {
    const parts = new Map<string, string[]>()
    const imports = this.ask(path).importsOf()
    if (page === null) {
      for (const { from } of imports) {
        const found = this.workspace.find(from, path)
        if (found !== null && COMPONENT.test(found)) parts.set(found, [])
      }
      return parts
    }
    for (const { component, property } of page.passed) {
      const from = imports.find(({ local }) => local === component)?.from ?? this.lazyImport(path, component)
      const found = from === null ? null : this.componentOf(from, path, component)
      if (found !== null) parts.set(found, [...(parts.get(found) ?? []), property])
    }
    return parts
  }

  /** The file of a component, which an index may export. */
  private componentOf(from: string, importer: string, name: string): string | null {
    const found = this.workspace.find(from, importer)
    if (found === null || COMPONENT.test(found)) return found
    this.workspace.files.add(found)
    const places = this.workspace.filesWith(name).filter((path) => COMPONENT.test(path))
    return places.find((path) => this.ask(path).declares(name)) ?? null
  }

  /** `const Table = dynamic(() => import('./table'))` */
  private lazyImport(path: string, component: string): string | null {
    return this.ask(path).firstOf(`import of ${component}`, () => [
      new RegExp(String.raw`\b${escaped(component)}\s*=[^;]{0,100}?\bimport\(\s*['"]([^'"\n]{1,200})['"]`),
    ])
  }

  private isRouteShown(home: string, route: Address, depth: number): boolean {
    const last = route.findLast((part) => part !== '*')
    if (last === undefined) return false
    let isShown = false
    const isServedHere = addressOfFile(this.workspace.shown(home)) !== null
    for (const path of this.workspace.filesWith(`/${last}`)) {
      const has = (part: string) => this.ask(path).matches(`base ${part}`, () => baseWith(part))
      for (const { address, isOwn, place } of this.ask(path).requestsFor(route)) {
        if (!asksFor(address, route, has)) continue
        // `/api/users` is answered by the program of the page itself, where it can be, and there by that very route.
        const isThisRoute = isServedHere && address.join('/') === route.join('/')
        if (isOwn && !isThisRoute && (address.length < route.length || this.workspace.serves(address))) continue
        if (this.follow(path, place, depth)) isShown = true
      }
    }
    return isShown
  }

  /** `app.use('/admin', adminRoutes)`, `register(adminRoutes, { prefix: '/admin' })`: where the router's file is put. */
  private mounted(path: string, route: Address): Address {
    for (const { importer, local } of this.workspace.importersOf(path)) {
      const found = this.ask(importer).firstOf(`mount of ${local}`, () => mountsOf(local))
      if (found !== null) return [...prefixOf(found), ...route]
    }
    // `routes/admin.ts` is mounted at `/admin`.
    return route.length > 0 ? route : [headOf(path)]
  }

  private isNameShown(home: string, lead: NameLead, depth: number): boolean {
    let isShown = false
    for (const name of namesOf(lead)) {
      const files = this.workspace.filesWith(name)
      const linked = files.filter((path) => path === home || this.isLinked(path, home, { ...lead, name }))
      // Behind a request that arrived, more readers are no other visitors.
      this.isOpen ||= !this.way.visit.hasArrived && linked.length > MOST_FILES
      for (const path of linked.slice(0, MOST_FILES)) {
        for (const place of this.ask(path).usesOf({ ...lead, name }, path === home))
          if (this.follow(path, place, depth)) isShown = true
      }
    }
    return isShown
  }

  /** Whether a file imports what has the name from its home, or names the class or the object that has it. */
  private isLinked(path: string, home: string, { name, holder }: Pick<NameLead, 'name' | 'holder'>): boolean {
    const imports = this.ask(path).importsOf()
    const named = [name, holder].flatMap((each) => {
      const from = imports.find((one) => one.name === each)?.from
      return each === null || from === undefined ? [] : this.leadsHome(from, path, home, each)
    })
    if (named.length > 0) return named.every(Boolean)
    if (holder !== null) {
      const names = [holder, holder.charAt(0).toLowerCase() + holder.slice(1)]
      return /router$/i.test(holder) || names.some((each) => this.workspace.has(path, each))
    }
    // `import * as api from './api'`
    if (imports.some(({ from }) => this.workspace.find(from, path) === home)) return true
    const mayLoad = imports.length === 0 || this.ask(path).matches('loads', () => /\b(?:import|require)\(/)
    return mayLoad && placesOf(home).some((part) => this.workspace.has(path, `/${part}`))
  }

  /** Whether an import is of a file, or of an index that exports it again. */
  private leadsHome(from: string, importer: string, home: string, name: string): boolean {
    const found = this.workspace.find(from, importer)
    if (found === null) return placesOf(home).includes(lastOf(from))
    if (found === home) return true
    return !this.ask(found).declares(name) && placesOf(home).some((part) => this.workspace.has(found, `/${part}`))
  }

  private addTypes(types: readonly string[]): void {
    for (const type of types) {
      this.types.add(type)
      if (this.way.dates === 'some-written') this.writtenTypes.add(type)
    }
  }

  /** Whether another page gives a component its own records, with only the dates of today written out. */
  private isGivenWrittenDates(component: string): boolean {
    const pages = this.workspace.filesWith(`/${headOf(component)}`).filter((path) => COMPONENT.test(path))
    return pages.slice(0, MOST_FILES).some((path) => {
      const mayCopy = this.ask(path).matches('copies', () => /\{\s{0,99}\.\.\.\w/)
      return mayCopy && this.workspace.localNameOf(path, component) !== null && this.ask(path).writesDates(this.model)
    })
  }

  private ask(path: string): FileQuestions {
    return this.workspace.ask(path)
  }
}

/** From an endpoint through a client, a hook and a page to a table. */
const DEEPEST = 8
const MOST_FOLLOWED = 200
/** What more files call is for everyone. */
const MOST_FILES = 25

/** Next.js refuses to send a `Date` in these. */
const PLAIN_PROPS = /\bget(?:ServerSide|Static)Props\b/

/** The part in what a file puts before its addresses: `baseURL: '/admin'`, `adminFetch(…)`. */
function baseWith(part: string): RegExp {
  const named = escaped(part)
  return new RegExp(
    String.raw`(?:base|url|api|prefix|endpoint)\w{0,30}['"]?\s{0,9}[:=(]\s{0,9}[^;\n]{0,200}/${named}(?![\w-])|\b${named}_?(?:Api|Client|Axios|Fetch|Request|Url|Base)`,
    'i',
  )
}

/** The names by which an import may mean a file: its own, or that of a folder around it. */
function placesOf(path: string): string[] {
  const folders = stemOf(path).split('/').slice(-4, -1)
  return [headOf(path), ...folders.filter((part) => !LAYOUT.test(part))]
}

const LAYOUT = /^(?:src|app|lib|packages|apps|server|client)$/
