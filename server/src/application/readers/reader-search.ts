import type { Node } from '@babel/types'
import type { FindModule } from '../module-paths'
import { stemOf } from '../module-paths'
import type { CodeModels } from '../model'
import { isForAdministrators } from '../selects/guards'
import type { ShownDates } from '../shown-dates'
import { placeOf, typeNameOf, type SourceTree } from '../syntax'
import { addressOfFile, asksFor, type Address } from './addresses'
import { COMPONENT, leadFrom, requestsIn, type Lead } from './leads'
import { pageValues, type PageValues } from './page-values'
import { asksOnlyForLogin } from './login-only'
import { showsDate } from './page-dates'
import { escaped, usesOf } from './references-elsewhere'

/** A call whose result is sent or returned. */
export interface ReadCall {
  readonly path: string
  readonly start: number
  readonly model: string
}

/** Who reads a result. */
export interface Reading {
  /** Whether a page was found that reads it, and whether one of them shows a date of such records. */
  readonly isRead: boolean
  readonly isShown: boolean
  /** Whether a route on the way certainly asks for a login alone. */
  readonly isOpen: boolean
  /** The types on the way to such a page, each as `name place`. */
  readonly types: ReadonlySet<string>
  /** What it depends on. */
  readonly files: ReadonlySet<string>
  readonly words: ReadonlySet<string>
}

/** What is known of the workspace's files. */
export interface Sources {
  readonly find: FindModule
  readonly dates: ShownDates
  readonly models: CodeModels
  readonly treeOf: (path: string) => SourceTree | null
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
  /** What else is in the answer. */
  private others: ReadonlySet<string> = new Set()
  private readonly types = new Set<string>()
  private readonly files = new Set<string>()
  private readonly words = new Set<string>()
  private readonly followed = new Map<string, boolean>()

  constructor(
    private readonly sources: Sources,
    private readonly model: string,
  ) {}

  of({ path, start }: ReadCall): Reading {
    const tree = this.treeOf(path)
    const node = tree?.nodes.find((each) => placeOf(each).start === start && each.type.endsWith('CallExpression'))
    const model = this.sources.models.get(this.model)
    if (tree !== null && node !== undefined && model !== undefined) {
      this.others = pageValues(tree, model, [node]).besides
      this.follow(path, tree, node, 0)
      this.isOpen &&= !isForAdministrators(tree, node)
    }
    return this.reading
  }

  /** As far as it got. */
  get reading(): Reading {
    const { isRead, isShown, isOpen, types, files, words } = this
    return { isRead, isShown, isOpen, types, files, words }
  }

  /** Whether the value at a node gets to a page that shows a date of such records. */
  private follow(path: string, tree: SourceTree, node: Node, depth: number): boolean {
    const found = leadFrom(tree, node, this.sources.shown(path))
    if (found === null) return false
    const { lead, scope } = found
    if (lead.kind === 'route') this.isOpen ||= asksOnlyForLogin(tree, scope, this.workspace)
    const key = `${path} ${JSON.stringify(lead)} ${lead.kind === 'page' ? String(node.start) : ''}`
    const known = this.followed.get(key)
    if (known === undefined) {
      if (depth > DEEPEST || this.followed.size > MOST_FOLLOWED) return false
      this.followed.set(key, false)
      this.followed.set(key, this.isLeadShown(path, node, lead, depth + 1))
    }
    const isShown = this.followed.get(key) === true
    if (isShown || !this.sources.dates.hasPages) this.addTypes(path, tree, scope)
    return isShown
  }

  private isLeadShown(path: string, node: Node, lead: Lead, depth: number): boolean {
    switch (lead.kind) {
      case 'page':
        this.isRead = true
        return this.isPageShown(pageOf(path), [node], 3)
      case 'route':
        return this.isRouteShown(path, lead.isMounted ? this.mounted(path, lead.address) : lead.address, depth)
      case 'name':
        return this.isNameShown(path, lead, depth)
    }
  }

  /** The page itself, or a component that it gives the records to. */
  private isPageShown(path: string, seeds: readonly (Node | string)[], depth: number): boolean {
    const tree = this.treeOf(path)
    const { dates, models } = this.sources
    const model = models.get(this.model)
    if (tree === null || model === undefined) return false
    // The markup of Vue and Svelte is not parsed.
    const values = /\.[jt]sx?$/.test(path) ? pageValues(tree, model, seeds, this.others) : null
    let isShown = values === null ? dates.shows(path, this.model) : showsDate(tree, values, model)
    if (values !== null && !isShown && !values.isEmpty) {
      isShown = [path, ...this.columnsOf(tree, path)].some((each) => dates.hasColumn(each, this.model))
    }
    for (const [part, properties] of depth > 0 ? this.partsOf(tree, path, values) : []) {
      if (part !== path && this.isPageShown(part, properties, depth - 1)) isShown = true
    }
    if (isShown) {
      this.isShown = true
      this.addTypes(path, tree, tree.program)
    }
    return isShown
  }

  /** `import { columns } from './columns'` */
  private columnsOf(tree: SourceTree, path: string): string[] {
    return importsOf(tree).flatMap(({ from, name }) => {
      const found = /columns?$/i.test(name) || /columns?$/i.test(from) ? this.sources.find(from, path) : null
      if (found !== null) this.files.add(found)
      return found ?? []
    })
  }

  /** The components that get the value, each with the properties that have it. */
  private partsOf(tree: SourceTree, path: string, values: PageValues | null): ReadonlyMap<string, string[]> {
    const parts = new Map<string, string[]>()
    const imports = importsOf(tree)
    if (values === null) {
      for (const { from } of imports) {
        const found = this.sources.find(from, path)
        if (found !== null && COMPONENT.test(found)) parts.set(found, [])
      }
      return parts
    }
    for (const { component, property } of values.passed) {
      const from = imports.find(({ name }) => name === component)?.from ?? lazyImport(tree, component)
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
    const declared = new RegExp(String.raw`\b(?:function|const|class)\s+${escaped(name)}\b`)
    const places = this.filesWith(name).filter((path) => COMPONENT.test(path))
    return places.find((path) => declared.test(this.treeOf(path)?.text ?? '')) ?? null
  }

  private isRouteShown(home: string, route: Address, depth: number): boolean {
    const last = route.findLast((part) => part !== '*')
    if (last === undefined) return false
    let isShown = false
    const isServedHere = addressOfFile(this.sources.shown(home)) !== null
    for (const path of this.filesWith(`/${last}`)) {
      const tree = this.treeOf(path)
      const has = (part: string) =>
        tree !== null &&
        new RegExp(String.raw`/${escaped(part)}\b|\b${escaped(part)}(?:Api|Client|Axios)`, 'i').test(tree.text)
      for (const { address, isOwn, node } of tree === null ? [] : requestsIn(tree)) {
        if (tree === null || !asksFor(address, route, has)) continue
        // `/api/users` is answered by the program of the page itself, where it can be.
        if (isOwn && !isServedHere && this.sources.serves(address)) continue
        if (this.follow(path, tree, node, depth)) isShown = true
      }
    }
    return isShown
  }

  /** `app.use('/admin', adminRoutes)`, `register(adminRoutes, { prefix: '/admin' })`: where the router's file is put. */
  private mounted(path: string, route: Address): Address {
    for (const importer of this.filesWith(`/${headOf(path)}`)) {
      const tree = importer === path ? null : this.treeOf(importer)
      const local = tree === null ? null : this.localNameOf(tree, importer, path)
      if (tree === null || local === null) continue
      const name = escaped(local)
      const found =
        new RegExp(
          String.raw`\buse\(\s*['"\x60]([^'"\x60\n]*)['"\x60](?:(?!\b(?:use|register|get|post)\()[^;]){0,300}?\b${name}\b`,
        ).exec(tree.text) ??
        new RegExp(String.raw`\b${name}\b[^;]{0,100}?prefix:\s*['"\x60]([^'"\x60\n]*)['"\x60]`).exec(tree.text)
      if (found !== null) return [...prefixOf(found[1] ?? ''), ...route]
    }
    // `routes/admin.ts` is mounted at `/admin`.
    return route.length > 0 ? route : [headOf(path)]
  }

  private localNameOf(tree: SourceTree, importer: string, path: string): string | null {
    for (const [, local = '', from = ''] of tree.text.matchAll(IMPORTED)) {
      if (this.sources.find(from, importer) === path) return local
    }
    return null
  }

  private isNameShown(home: string, lead: Extract<Lead, { kind: 'name' }>, depth: number): boolean {
    let isShown = false
    for (const name of namesOf(lead)) {
      const files = this.filesWith(name)
      const linked = files.filter((path) => path === home || this.isLinked(path, home, lead.holder))
      for (const path of linked.slice(0, MOST_FILES)) {
        const tree = this.treeOf(path)
        for (const node of tree === null ? [] : usesOf(tree, { ...lead, name }, path === home).slice(0, MOST_USES))
          if (tree !== null && this.follow(path, tree, node, depth)) isShown = true
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

  private addTypes(path: string, tree: SourceTree, scope: Node): void {
    const { start, end } = placeOf(scope)
    const imports = new Map<string, string>()
    for (const node of tree.nodes) {
      if (node.type !== 'ImportDeclaration') continue
      for (const { local, ...each } of node.specifiers) {
        const name =
          each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : local.name
        imports.set(local.name, `${name} ${lastOf(node.source.value)}`)
      }
    }
    for (const node of tree.nodes) {
      if (node.type !== 'TSTypeReference' || placeOf(node).start < start || placeOf(node).end > end) continue
      const name = typeNameOf(node.typeName)
      if (name !== null) this.types.add(imports.get(name) ?? `${name} ${path}`)
    }
  }

  private readonly workspace = {
    shown: (path: string) => this.sources.shown(path),
    treeOf: (path: string) => this.treeOf(path),
    filesWith: (word: string) => this.filesWith(word),
    has: (path: string, word: string) => this.has(path, word),
  }

  private treeOf(path: string): SourceTree | null {
    this.files.add(path)
    return this.sources.treeOf(path)
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
const MOST_USES = 20

const LAYOUT = /^(?:src|app|lib|packages|apps|server|client)$/

const IMPORTED =
  /\b(?:import\s{1,20}(?:\*\s{1,20}as\s{1,20}|\{[^}]{0,300}?\bas\s{1,20}|\{\s{0,20})?|(?:const|let|var)\s{1,20}(?:\{\s{0,20})?)(\w{1,60})[^'"\n;]{0,100}['"]([^'"\n]{1,200})['"]/g

/** RTK Query makes hooks of an endpoint's name. */
function namesOf({ name, holder }: Extract<Lead, { kind: 'name' }>): string[] {
  const capital = name.charAt(0).toUpperCase() + name.slice(1)
  return holder === null ? [name] : [name, `use${capital}Query`, `useLazy${capital}Query`]
}

function prefixOf(text: string): Address {
  return text.split('/').filter((part) => part !== '' && !/^(?:api|v\d+)$/.test(part))
}

/** The name by which other files import a file: `admin` of `routes/admin.routes.ts`, the folder of an index. */
function headOf(path: string): string {
  return lastOf(path).split('.')[0] ?? ''
}

function lastOf(path: string): string {
  return stemOf(path).split('/').at(-1) ?? ''
}

function importsOf(tree: SourceTree): { readonly name: string; readonly from: string }[] {
  return tree.nodes.flatMap((node) =>
    node.type === 'ImportDeclaration'
      ? node.specifiers.map(({ local }) => ({ name: local.name, from: node.source.value }))
      : [],
  )
}

/** `const Table = dynamic(() => import('./table'))` */
function lazyImport(tree: SourceTree, component: string): string | null {
  const pattern = new RegExp(String.raw`\b${escaped(component)}\s*=[^;]{0,100}?\bimport\(\s*['"]([^'"\n]{1,200})['"]`)
  return pattern.exec(tree.text)?.[1] ?? null
}

/** SvelteKit's `+page.server.ts` is for the `+page.svelte` beside it. */
function pageOf(path: string): string {
  return path.replace(/\+(page|layout)(?:\.server)?\.[jt]s$/, '+$1.svelte')
}
