import type { Node } from '@babel/types'
import type { CodeModel } from '../model'
import { isCall, placeOf, typeNameOf, type SourceTree } from '../syntax'
import type { Address } from './addresses'
import { asksNothing } from './guard-code'
import type { Followed, GuardCode } from './guard-visits'
import { leadFrom, type Lead, type NameLead } from './leads'
import { showsDate } from './page-dates'
import { componentsAround } from './page-shells'
import { pageValues, type PageValues } from './page-values'
import { escaped, lastOf, usesOf } from './references-elsewhere'
import { requestsIn } from './requests'
import { asksForRole, decoratorsIn, isInProcedure, isServerAction, turnsAwayByRole } from './role-asked'
import { permissionsAsked, permissionsOfOthers, type AskedPermissions } from './role-permissions'
import type { LetsOn } from './role-tests'
import { hasRoleWord } from '../role-words'
import { Unverified } from './unverified'
import { writesDates } from './written-dates'

/** A node of a file, without the tree, which is large. */
export interface Place {
  readonly start: number
  readonly end: number
  readonly type: Node['type']
  /** Of an identifier. */
  readonly name: string | null
}

/**
 * What a search asks about one file. The answers are kept, and a change of another file asks the same, so that only the
 * changed file is parsed again.
 */
export class FileQuestions {
  private readonly calls = new Kept<CallAnswer | null>()
  private readonly leads = new Kept<PlacedLead | null>()
  private readonly roles = new Kept<boolean>()
  private readonly guards = new Kept<boolean>()
  private readonly permissions = new Kept<readonly AskedPermissions[]>()
  private readonly held = new Kept<readonly (readonly string[])[]>()
  private readonly around = new Kept<readonly string[]>()
  private readonly requested = new Kept<boolean>()
  private readonly given = new Kept<Given>()
  private readonly written = new Kept<boolean>()
  private readonly pages = new Kept<PageAnswer | null>()
  private readonly uses = new Kept<readonly Place[]>()
  private readonly types = new Kept<readonly string[]>()
  private readonly requests = new Kept<readonly PlacedRequest[]>()
  private readonly imports = new Kept<readonly Import[]>()
  private readonly mentions = new Kept<boolean>()
  private readonly found = new Kept<string | null>()
  private readonly named = new Kept<readonly (readonly [name: string, from: string])[]>()

  constructor(
    private readonly path: string,
    private readonly text: () => string | null,
    private readonly tree: () => SourceTree | null,
  ) {}

  get isRead(): boolean {
    return this.text() !== null
  }

  /** The call that begins at an offset, and what else is sent beside its result. */
  callAt(start: number, model: CodeModel): CallAnswer | null {
    return this.calls.of(`${String(start)} ${model.model}`, () => {
      const tree = this.tree()
      const node = tree?.nodes.find((each) => placeOf(each).start === start && each.type.endsWith('CallExpression'))
      if (tree === null || node === undefined) return null
      const { besides } = pageValues(tree, model, [node])
      return { place: placed(node), others: besides }
    })
  }

  /** Where to look on for the value at a place. `shown` is the path below the application's folder. */
  leadFrom(place: Place, shown: string): PlacedLead | null {
    return this.leads.of(keyOf(place), () => {
      const node = this.nodeAt(place)
      const tree = this.tree()
      const lead = tree === null || node === null ? null : leadFrom(tree, node, shown)
      return lead === null ? null : { lead: lead.lead, scope: placed(lead.scope) }
    })
  }

  /** Whether code before or around a place turns away who lacks a role. */
  asksForRole(place: Place, doubted: ReadonlySet<string>, code: GuardCode): boolean {
    return this.guards.of([keyOf(place), ...doubted].join(' '), () => {
      const tree = this.tree()
      const node = this.nodeAt(place)
      return tree !== null && node !== null && asksForRole(tree, node, doubted, this.letsOn(code, tree))
    })
  }

  /** Whether the file declares a name whose code asks for no role; `doubted` are others that do not. */
  asksNothing(name: string, doubted: ReadonlySet<string>): boolean {
    return this.roles.of(['of', name, ...doubted].join(' '), () => {
      const tree = this.tree()
      return tree !== null && asksNothing(tree, name, doubted)
    })
  }

  /** Whether the file declares a function, a class or a variable of this name. */
  declares(name: string): boolean {
    return this.matches(
      `declares ${name}`,
      () => new RegExp(String.raw`\b(?:function|const|let|class)\s+${escaped(name)}\b`),
    )
  }

  /** The names of its decorators. */
  decorators(): readonly string[] {
    return this.around.of('decorators', () => {
      const tree = this.tree()
      return tree === null ? [] : decoratorsIn(tree)
    })
  }

  permissionsAsked(): readonly AskedPermissions[] {
    return this.permissions.of('', () => {
      const tree = this.tree()
      return tree === null ? [] : permissionsAsked(tree)
    })
  }

  /** Each of them what a role has whose people are no staff. */
  permissionsOfOthers(): readonly (readonly string[])[] {
    return this.held.of('', () => {
      const tree = this.tree()
      return tree === null ? [] : permissionsOfOthers(tree)
    })
  }

  /** The functions and classes of the file that are named as if they asked for a role. */
  namedGuards(): readonly string[] {
    return this.around.of('', () => {
      const nodes = this.tree()?.nodes ?? []
      return nodes.flatMap((node) => {
        const isDeclared =
          node.type === 'VariableDeclarator' || node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration'
        return isDeclared && node.id?.type === 'Identifier' && hasRoleWord(node.id.name) ? node.id.name : []
      })
    })
  }

  /** What the file decodes and does not verify, as `Unverified` names it; `decoding` is what others do. */
  decodingNames(decoding: ReadonlySet<string>): readonly string[] {
    return this.around.of(['decodes', ...decoding].join(' '), () => {
      const tree = this.tree()
      return tree === null ? [] : new Unverified(tree, decoding).names()
    })
  }

  /** Whether a component of the file does, for what is inside it. */
  turnsAwayByRole(doubted: ReadonlySet<string>, code: GuardCode): boolean {
    return this.guards.of([...doubted].join(' '), () => {
      const tree = this.tree()
      return tree !== null && turnsAwayByRole(tree, doubted, this.letsOn(code, tree))
    })
  }

  private letsOn(code: GuardCode, tree: SourceTree): LetsOn {
    return code.letsOn(this.path, tree, this.followed)
  }

  /** The files and words that the answers about guards depend on, which another file's code decides. */
  readonly followed: Followed = { files: new Set(), words: new Set() }

  /** Another file changed. */
  forgetGuards(isChanged: (followed: Followed) => boolean): void {
    if (!isChanged(this.followed)) return
    this.guards.clear()
    this.followed.files.clear()
    this.followed.words.clear()
  }

  /** The components around all that the component at a place shows. */
  componentsAround(place: Place): readonly string[] {
    return this.around.of(keyOf(place), () => {
      const tree = this.tree()
      const node = this.nodeAt(place)
      return tree === null || node === null ? [] : componentsAround(tree, node)
    })
  }

  /** Whether others may request the function at a place, as a procedure or a server action. */
  isRequestedItself(place: Place): boolean {
    return this.requested.of(keyOf(place), () => {
      const tree = this.tree()
      const node = this.nodeAt(place)
      return tree !== null && node !== null && (isInProcedure(tree, node) || isServerAction(tree, node))
    })
  }

  /** Where a name is given to a call. */
  argumentsNamed(name: string): readonly Place[] {
    return this.uses.of(`arguments ${name}`, () => {
      const tree = this.tree()
      const names = tree?.identifiersNamed(name).slice(0, MOST_USES) ?? []
      return names.filter((each) => isArgument(tree?.parentOf(each) ?? null, each)).map(placed)
    })
  }

  /** Whether the value at a place may get out of its function, as it is, and what else is beside it then. */
  givenAway(place: Place, model: CodeModel, others: ReadonlySet<string>): Given {
    return this.given.of([keyOf(place), model.model, ...others].join(' '), () => {
      const tree = this.tree()
      const node = this.nodeAt(place)
      if (tree === null || node === null) return { isGiven: true, besides: NOTHING }
      const { areGivenAway, besides } = pageValues(tree, model, [node], others)
      return { isGiven: areGivenAway, besides }
    })
  }

  /** Whether code at a place writes out dates of the records, one by one. */
  writesDates(model: CodeModel, scope: Pick<Place, 'start' | 'end'> = ALL): boolean {
    return this.written.of(`${String(scope.start)} ${String(scope.end)} ${model.model}`, () => {
      const tree = this.tree()
      return tree !== null && writesDates(tree, scope, model)
    })
  }

  /** What a component does with the records that it gets; null if it cannot be read. */
  page(model: CodeModel, seeds: readonly (Place | string)[], others: ReadonlySet<string>): PageAnswer | null {
    const key = [
      model.model,
      ...seeds.map((each) => (typeof each === 'string' ? `.${each}` : keyOf(each))),
      '',
      ...others,
    ].join(' ')
    return this.pages.of(key, () => {
      const tree = this.tree()
      if (tree === null) return null
      const nodes = seeds.flatMap((each) => (typeof each === 'string' ? each : (this.nodeAt(each) ?? [])))
      const values = pageValues(tree, model, nodes, others)
      return { isShown: showsDate(tree, values, model), isEmpty: values.isEmpty, passed: values.passed }
    })
  }

  usesOf(lead: NameLead, isHome: boolean): readonly Place[] {
    return this.uses.of(`${lead.name} ${lead.holder ?? ''} ${String(isHome)}`, () => {
      const tree = this.tree()
      return tree === null ? [] : usesOf(tree, lead, isHome).slice(0, MOST_USES).map(placed)
    })
  }

  /** The types that are named between two offsets, each as `name place`. */
  typesIn({ start, end }: Pick<Place, 'start' | 'end'>): readonly string[] {
    return this.types.of(`${String(start)} ${String(end)}`, () => {
      const tree = this.tree()
      if (tree === null) return []
      const imports = new Map(this.importsOf().map(({ local, name, from }) => [local, `${name} ${lastOf(from)}`]))
      return tree.nodes.flatMap((node) => {
        if (node.type !== 'TSTypeReference' || placeOf(node).start < start || placeOf(node).end > end) return []
        const name = typeNameOf(node.typeName)
        return name === null ? [] : (imports.get(name) ?? `${name} ${this.path}`)
      })
    })
  }

  /** The same for all of the file. */
  allTypes(): readonly string[] {
    return this.typesIn(ALL)
  }

  /** Its requests, if it has all parts of the address. */
  requestsFor(route: Address): readonly PlacedRequest[] {
    const hasAll = route.every(
      (part) => part === '*' || this.matches(`part ${part}`, () => new RegExp(escaped(part), 'i')),
    )
    if (!hasAll) return []
    return this.requests.of('', () => {
      const tree = this.tree()
      return tree === null ? [] : requestsIn(tree).map(({ node, ...each }) => ({ ...each, place: placed(node) }))
    })
  }

  importsOf(): readonly Import[] {
    return this.imports.of('', () => {
      const nodes = this.tree()?.nodes ?? []
      return nodes.flatMap((node) => {
        if (node.type !== 'ImportDeclaration') return []
        return node.specifiers.map(({ local, ...each }) => {
          const name =
            each.type === 'ImportSpecifier' && each.imported.type === 'Identifier' ? each.imported.name : local.name
          return { local: local.name, name, from: node.source.value }
        })
      })
    })
  }

  /** Whether its text has a pattern, which `question` names. */
  matches(question: string, pattern: () => RegExp): boolean {
    return this.says(question, (text) => pattern().test(text))
  }

  /** Whether its text answers a question, which has a name of its own. */
  says(question: string, answer: (text: string) => boolean): boolean {
    return this.mentions.of(question, () => answer(this.text() ?? ''))
  }

  /** What the first group of the first pattern that its text has is. */
  firstOf(question: string, patterns: () => readonly RegExp[]): string | null {
    return this.found.of(question, () => {
      const text = this.text() ?? ''
      for (const pattern of patterns()) {
        const match = pattern.exec(text)
        if (match !== null) return match[1] ?? ''
      }
      return null
    })
  }

  /** All matches of a pattern with two groups, by the second. */
  namedBy(pattern: RegExp): readonly (readonly [name: string, from: string])[] {
    return this.named.of('', () =>
      [...(this.text() ?? '').matchAll(pattern)].map(([, name = '', from = '']) => [name, from] as const),
    )
  }

  private nodeAt({ start, end, type, name }: Place): Node | null {
    const tree = this.tree()
    if (tree === null) return null
    const isIt = (node: Node) => node.type === type && placeOf(node).start === start && placeOf(node).end === end
    if (name !== null) return tree.identifiersNamed(name).find(isIt) ?? null
    return tree.nodes.find(isIt) ?? tree.addresses.find(isIt) ?? null
  }
}

interface Given {
  readonly isGiven: boolean
  readonly besides: ReadonlySet<string>
}

export interface CallAnswer {
  readonly place: Place
  readonly others: ReadonlySet<string>
}

interface PlacedLead {
  readonly lead: Lead
  readonly scope: Place
}

interface PlacedRequest {
  readonly address: Address
  readonly isOwn: boolean
  readonly place: Place
}

export interface PageAnswer extends Pick<PageValues, 'isEmpty' | 'passed'> {
  readonly isShown: boolean
}

interface Import {
  readonly local: string
  readonly name: string
  readonly from: string
}

/** Answers to one kind of question. */
class Kept<Answer> {
  private readonly answers = new Map<string, Answer>()

  of(question: string, ask: () => Answer): Answer {
    const known = this.answers.get(question)
    if (known !== undefined) return known
    const answer = ask()
    this.answers.set(question, answer)
    return answer
  }

  clear(): void {
    this.answers.clear()
  }
}

const NOTHING: ReadonlySet<string> = new Set()

const ALL = { start: 0, end: Infinity }
const MOST_USES = 20

function placed(node: Node): Place {
  const { start, end } = placeOf(node)
  return { start, end, type: node.type, name: node.type === 'Identifier' ? node.name : null }
}

function isArgument(parent: Node | null, node: Node): boolean {
  return isCall(parent) && parent.callee !== node
}

function keyOf({ start, end, type }: Place): string {
  return `${String(start)} ${String(end)} ${type}`
}
