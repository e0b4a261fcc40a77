import type { FindModule } from '../module-paths'
import { stemOf } from '../module-paths'
import type { CodeModel } from '../model'
import type { ShownDates } from '../shown-dates'
import { addressOfFile, asksFor, type Address } from './addresses'
import type { FileQuestions, PageAnswer, Place } from './file-questions'
import { COMPONENT, namesOf, pageOf, type Lead } from './leads'
import { isForAnyLogin } from './login-only'
import { headOf, mountsOf, prefixOf } from './mounts'
import { escaped } from './references-elsewhere'
import { KEEPS_OUT, plainMountOf } from './router-login'
import { IS_AROUND, isAround, TURNS_AWAY } from './turned-away'

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
  /** Whether a route on the way certainly asks for no more than a login. */
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
  /** Whether code on it may ask who sends the request, and may turn somebody away. */
  readonly isAsked: boolean
  readonly isTurned: boolean
}

/** What is known of the workspace's files. */
export interface Sources {
  readonly find: FindModule
  readonly dates: ShownDates
  readonly ask: (path: string) => FileQuestions
  /** The path below the application's folder. */
  readonly shown: (path: string) => string
  /** Whether a file is the route of this address, by its place. */
  readonly serves: (address: Address) => boolean
  readonly filesWith: (word: string) => readonly string[]
  readonly has: (path: string, word: string) => boolean
}

/** Follows one result to its readers. */
export class ReaderSearch {
  private isRead = false
  private isShown = false
  private isOpen = false
  private isWritten = false
  /** What else is in the answer. */
  private others: ReadonlySet<string> = new Set()
  private way: Way = { dates: 'kept', isAsked: false, isTurned: false }
  private readonly types = new Set<string>()
  private readonly writtenTypes = new Set<string>()
  private readonly files = new Set<string>()
  private readonly words = new Set<string>()
  private readonly followed = new Map<string, boolean>()

  constructor(
    private readonly sources: Sources,
    private readonly model: CodeModel,
  ) {}

  of({ path, start }: ReadCall): Reading {
    const call = this.ask(path).callAt(start, this.model)
    if (call !== null) {
      this.others = call.others
      this.follow(path, call.place, 0)
      this.isOpen &&= !call.isGuarded
    }
    return this.reading
  }

  /** As far as it got. */
  get reading(): Reading {
    const { isRead, isShown, isOpen, isWritten, types, writtenTypes, files, words } = this
    return { isRead, isShown, isOpen, isWritten, types, writtenTypes, files, words }
  }

  /** Whether the value at a place gets to a page that shows a date of such records. */
  private follow(path: string, place: Place, depth: number): boolean {
    const found = this.ask(path).leadFrom(place, this.sources.shown(path))
    if (found === null) return false
    const { lead, scope } = found
    // `const { users } = await list()`, of which only `users.map((user) => ({ id: user.id, … }))` is returned.
    if (depth > 0 && lead.kind !== 'page' && !this.ask(path).isGivenAway(place, this.model, this.others)) return false
    const before = this.way
    const isTurned = before.isTurned || this.ask(path).mayTurnAway(place)
    this.way = { ...before, isTurned }
    this.isOpen ||= this.isOpenAt(path, lead, scope, place)
    const isAsked = before.isAsked || (lead.kind === 'name' && this.ask(path).asksWho(place))
    this.way = { dates: lead.kind === 'route' ? 'sent' : before.dates, isAsked, isTurned }
    if (lead.kind !== 'route') this.lookForDates(path, scope)
    const isShown = this.isKnownToBeShown(path, place, lead, depth)
    if (isShown || !this.sources.dates.hasPages) this.addTypes(this.ask(path).typesIn(scope))
    this.way = before
    return isShown
  }

  private isKnownToBeShown(path: string, place: Place, lead: Lead, depth: number): boolean {
    const key = `${path} ${JSON.stringify(lead)} ${lead.kind === 'page' ? String(place.start) : ''} ${this.way.dates}`
    const known = this.followed.get(key)
    if (known !== undefined) return known
    if (depth > DEEPEST || this.followed.size > MOST_FOLLOWED) return false
    this.followed.set(key, false)
    const isShown = this.isLeadShown(path, place, lead, depth + 1)
    this.followed.set(key, isShown)
    return isShown
  }

  /** Whether a route or a page certainly lets everyone in, or everyone who is logged in. */
  private isOpenAt(path: string, lead: Lead, scope: Place, place: Place): boolean {
    const shown = this.sources.shown(path)
    const isRoute = lead.kind === 'route'
    const isByPlace = isRoute ? addressOfFile(shown) !== null : lead.kind === 'page' && PAGE_FILE.test(shown)
    if (isByPlace && this.way.dates !== 'sent') {
      const isTurned = this.way.isTurned && !this.ask(path).letsOthersOn(place)
      if (!isTurned && (isRoute || !this.isTurnedAround(path, shown))) return true
    }
    const login = isRoute ? this.ask(path).loginOf(scope) : null
    if (login === null) return false
    const isAlone =
      login.kind !== 'router' || (!this.way.isAsked && this.isPlainlyMounted(path, login.names.length === 0))
    return isAlone && isForAnyLogin(login, this.workspace)
  }

  /** Whether a layout around a page, or a component of the server, may turn somebody away. */
  private isTurnedAround(path: string, shown: string): boolean {
    const layouts = this.filesWith('children').filter((each) => isAround(this.sources.shown(each), shown))
    const around = this.importedBy(path).filter((each) => this.ask(each).matches('is around', () => IS_AROUND))
    return [...layouts, ...around].some((each) => this.ask(each).matches('turns away', () => TURNS_AWAY))
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
    let isShown = page === null ? this.sources.dates.shows(path, this.model.model) : page.isShown
    if (page !== null && !isShown && !page.isEmpty) {
      isShown = [path, ...this.importedBy(path, /columns?$/i)].some((each) =>
        this.sources.dates.hasColumn(each, this.model.model),
      )
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

  /** `import { columns } from './columns'` */
  private importedBy(path: string, pattern = /./): string[] {
    return this.ask(path)
      .importsOf()
      .flatMap(({ from, local }) => {
        const found = pattern.test(local) || pattern.test(from) ? this.sources.find(from, path) : null
        if (found !== null) this.files.add(found)
        return found ?? []
      })
  }

  /** The components that get the value, each with the properties that have it. */
  private partsOf(path: string, page: PageAnswer | null): ReadonlyMap<string, string[]> {
    const parts = new Map<string, string[]>()
    const imports = this.ask(path).importsOf()
    if (page === null) {
      for (const { from } of imports) {
        const found = this.sources.find(from, path)
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
    const found = this.sources.find(from, importer)
    if (found === null || COMPONENT.test(found)) return found
    this.files.add(found)
    const places = this.filesWith(name).filter((path) => COMPONENT.test(path))
    return places.find((path) => this.declares(path, name)) ?? null
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
    const isServedHere = addressOfFile(this.sources.shown(home)) !== null
    for (const path of this.filesWith(`/${last}`)) {
      const has = (part: string) =>
        this.ask(path).matches(`base ${part}`, () => {
          return new RegExp(String.raw`/${escaped(part)}\b|\b${escaped(part)}(?:Api|Client|Axios)`, 'i')
        })
      for (const { address, isOwn, place } of this.ask(path).requestsFor(route)) {
        if (!asksFor(address, route, has)) continue
        // `/api/users` is answered by the program of the page itself, where it can be.
        if (isOwn && !isServedHere && this.sources.serves(address)) continue
        if (this.follow(path, place, depth)) isShown = true
      }
    }
    return isShown
  }

  /** `app.use('/admin', adminRoutes)`, `register(adminRoutes, { prefix: '/admin' })`: where the router's file is put. */
  private mounted(path: string, route: Address): Address {
    for (const importer of this.filesWith(`/${headOf(path)}`)) {
      const local = importer === path ? null : this.localNameOf(importer, path)
      const found = local === null ? null : this.ask(importer).firstOf(`mount of ${local}`, () => mountsOf(local))
      if (found !== null) return [...prefixOf(found), ...route]
    }
    // `routes/admin.ts` is mounted at `/admin`.
    return route.length > 0 ? route : [headOf(path)]
  }

  /** Whether a router's file is put somewhere, with nothing around it but a login. */
  private isPlainlyMounted(path: string, isNobodyAsked: boolean): boolean {
    const mounts = this.filesWith(`/${headOf(path)}`).flatMap((importer) => {
      const local = importer === path ? null : this.localNameOf(importer, path)
      return local === null ? [] : [{ importer, local }]
    })
    return (
      mounts.length > 0 &&
      mounts.every(({ importer, local }) => {
        const questions = this.ask(importer)
        return (
          questions.matches(`plain mount of ${local}`, () => plainMountOf(local)) &&
          !questions.matches('keeps out', () => KEEPS_OUT) &&
          !(isNobodyAsked && questions.matches('turns away', () => TURNS_AWAY))
        )
      })
    )
  }

  private localNameOf(importer: string, path: string): string | null {
    const names = this.ask(importer).namedBy(IMPORTED)
    return names.find(([, from]) => this.sources.find(from, importer) === path)?.[0] ?? null
  }

  private isNameShown(home: string, lead: Extract<Lead, { kind: 'name' }>, depth: number): boolean {
    let isShown = false
    for (const name of namesOf(lead)) {
      const files = this.filesWith(name)
      const linked = files.filter(
        (path) => path === home || (this.isLinked(path, home, lead.holder) && !this.isOfOther(path, home, lead)),
      )
      for (const path of linked.slice(0, MOST_FILES)) {
        for (const place of this.ask(path).usesOf({ ...lead, name }, path === home))
          if (this.follow(path, place, depth)) isShown = true
      }
    }
    return isShown
  }

  /** Whether a file imports another, or a folder around it that exports it again, or names the class or the object. */
  private isLinked(path: string, home: string, holder: string | null): boolean {
    if (holder !== null && (this.has(path, holder) || this.has(path, holder.charAt(0).toLowerCase() + holder.slice(1))))
      return true
    if (holder !== null && /router$/i.test(holder)) return true
    const folders = stemOf(home).split('/').slice(-4, -1)
    return [headOf(home), ...folders.filter((part) => !LAYOUT.test(part))].some((part) => this.has(path, `/${part}`))
  }

  /** Whether a file imports the function, class or object from another file, which declares one named alike. */
  private isOfOther(path: string, home: string, { name, holder }: Extract<Lead, { kind: 'name' }>): boolean {
    const imports = this.ask(path).importsOf()
    return [name, holder].some((each) => {
      const from = each === null ? undefined : imports.find((one) => one.name === each)?.from
      const found = from === undefined ? null : this.sources.find(from, path)
      return each !== null && found !== null && found !== home && this.declares(found, each)
    })
  }

  private declares(path: string, name: string): boolean {
    return this.ask(path).matches(`declares ${name}`, () => {
      return new RegExp(String.raw`\b(?:function|const|class)\s+${escaped(name)}\b`)
    })
  }

  private addTypes(types: readonly string[]): void {
    for (const type of types) {
      this.types.add(type)
      if (this.way.dates === 'some-written') this.writtenTypes.add(type)
    }
  }

  /** Whether another page gives a component its own records, with only the dates of today written out. */
  private isGivenWrittenDates(component: string): boolean {
    const pages = this.filesWith(`/${headOf(component)}`).filter((path) => COMPONENT.test(path))
    return pages.slice(0, MOST_FILES).some((path) => {
      const mayCopy = this.ask(path).matches('copies', () => /\{\s{0,99}\.\.\.\w/)
      return mayCopy && this.localNameOf(path, component) !== null && this.ask(path).writesDates(this.model)
    })
  }

  private readonly workspace = {
    shown: (path: string) => this.sources.shown(path),
    filesWith: (word: string) => this.filesWith(word),
    has: (path: string, word: string) => this.has(path, word),
    matches: (path: string, pattern: RegExp) => this.ask(path).matches(pattern.source, () => pattern),
  }

  private ask(path: string): FileQuestions {
    this.files.add(path)
    return this.sources.ask(path)
  }

  private filesWith(word: string): readonly string[] {
    this.words.add(word)
    return this.sources.filesWith(word)
  }

  private has(path: string, word: string): boolean {
    this.words.add(word)
    return this.sources.has(path, word)
  }
}

/** From an endpoint through a client, a hook and a page to a table. */
const DEEPEST = 8
const MOST_FOLLOWED = 200
/** What more files call is for everyone. */
const MOST_FILES = 25

/** What Next.js renders for a visitor. */
const PAGE_FILE = /(?:^|[\\/])app[\\/](?:.*[\\/])?page\.[jt]sx?$/

/** Next.js refuses to send a `Date` in these. */
const PLAIN_PROPS = /\bget(?:ServerSide|Static)Props\b/

const LAYOUT = /^(?:src|app|lib|packages|apps|server|client)$/

const IMPORTED =
  /\b(?:import\s{1,20}(?:\*\s{1,20}as\s{1,20}|\{[^}]{0,300}?\bas\s{1,20}|\{\s{0,20})?|(?:const|let|var)\s{1,20}(?:\{\s{0,20})?)(\w{1,60})[^'"\n;]{0,100}['"]([^'"\n]{1,200})['"]/g
