import type { Node } from '@babel/types'
import type { CodeModel, EvidenceName } from '../model'
import { isCreationDate } from '../field-names'
import { placeOf, propertyName, textOfNode, unwrap, type SourceTree } from '../syntax'

/**
 * What the requested rows say. `where: { id: session.user.id }`, `where: { userId }`: users who read their own rows
 * need not be told who changed them. `where: { id: course.authorId }`: a user who is only shown next to something else.
 * Dashboards take a few rows.
 */
export function rowEvidence(tree: SourceTree, options: Node, model: CodeModel | undefined): EvidenceName[] {
  const where = declaredOption(tree, optionOf(options, 'where'))
  const source = where === null ? '' : textOfNode(tree.text, where)
  const keys = where?.type === 'ObjectExpression' ? where.properties : []
  const asksFor = (key: RegExp) =>
    keys.some((each) => each.type === 'ObjectProperty' && key.test(propertyName(each) ?? ''))
  return [
    ...(OWN_KEY.test(source) || (model?.isUser === false && asksFor(ONE_USER)) || asksForOneself(tree, keys)
      ? (['own-record'] as const)
      : []),
    ...(model?.isUser === true && KEY_OF_ANOTHER.test(source) ? (['of-another-record'] as const) : []),
    ...(isUnhandled(tree, keys) ? (['unhandled'] as const) : []),
    ...(isExcerpt(options) || isOfWhatIsNew(keys, options) ? (['excerpt'] as const) : []),
  ]
}

/** `where: { createdBy: req.user!.id }`, or `where: { id: userId }` after `const { userId } = await auth()`. */
function asksForOneself(tree: SourceTree, keys: readonly Node[]): boolean {
  return keys.some((each) => {
    if (each.type !== 'ObjectProperty' || !KEY_OF_PERSON.test(propertyName(each) ?? '')) return false
    const { value } = each
    const origin = value.type === 'Identifier' ? originOf(tree, value) : textOfNode(tree.text, value)
    if (origin !== null && isLoggedIn(origin)) return true
    // `admin!.id` after `const { admin, error } = await requireAdmin()`: what a guard returns is who asks.
    const root = rootOf(value)
    const asked = root === null || root === value ? null : originOf(tree, root)
    return asked !== null && OF_GUARD.test(asked)
  })
}

function rootOf(given: Node): Extract<Node, { type: 'Identifier' }> | null {
  const node = unwrap(given)
  if (node.type === 'Identifier') return node
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression' ? rootOf(node.object) : null
}

const OF_GUARD =
  /^(?:await\s+)?(?:\w{1,60}\.){0,3}(?:require|verify|get|check|assert|ensure|authori[sz]e|auth)\w{0,60}(?:admin|user|session|auth|staff|role|perm|token)\w{0,60}\(/i

/** `where: { status: 'PENDING' }`, `where: { emailVerified: false }`: nobody has handled such records yet. */
function isUnhandled(tree: SourceTree, keys: readonly Node[]): boolean {
  return keys.some((each) => {
    if (each.type !== 'ObjectProperty') return false
    // Of a related record: `agentProfile: { approvalStatus: … }`.
    if (each.value.type === 'ObjectExpression') return isUnhandled(tree, each.value.properties)
    const name = propertyName(each) ?? ''
    if (each.value.type === 'BooleanLiteral')
      return !each.value.value && /verified|approved|confirmed|reviewed/i.test(name)
    if (!/(?:status|state)$/i.test(name)) return false
    const value = unwrap(each.value)
    // `searchParams.get('status') ?? 'PENDING'`
    const origin = value.type === 'Identifier' ? originOf(tree, value) : null
    return UNHANDLED.test(textOfNode(tree.text, value)) || (origin !== null && UNHANDLED_FIRST.test(origin))
  })
}

const UNHANDLED =
  /^(?:\w{1,60}\.|['"])(?:pending|waiting|unverified|unapproved|submitted|in_?review|requested)\w{0,20}['"]?$/i

const UNHANDLED_FIRST =
  /(?:\|\||\?\?)\s{0,9}['"](?:pending|waiting|unverified|unapproved|submitted|in_?review|requested)/i

const KEY_OF_PERSON =
  /^(?:id|email|(?:\w*_?)?(?:user|owner|author|customer|client|member|student|patient|employee|sender|creator|created_?by|organizer|seller|buyer)_?(?:id)?)$/i

/** `const where = { userId }` before a call that names it. */
function declaredOption(tree: SourceTree, option: Node | null): Node | null {
  return option?.type === 'Identifier' ? (declarationOf(tree, option) ?? option) : option
}

function originOf(tree: SourceTree, name: Extract<Node, { type: 'Identifier' }>): string | null {
  const origin = declarationOf(tree, name)
  return origin === null ? null : textOfNode(tree.text, origin)
}

/** The value in the last declaration of the name before it. */
function declarationOf(tree: SourceTree, name: Extract<Node, { type: 'Identifier' }>): Node | null {
  const { start } = placeOf(name)
  let origin: Node | null = null
  for (const each of tree.identifiersNamed(name.name)) {
    if (placeOf(each).start >= start) break
    let holder = tree.parentOf(each)
    if (holder?.type === 'ObjectProperty') holder = tree.parentOf(tree.parentOf(holder) ?? holder)
    if (holder?.type === 'VariableDeclarator' && holder.init) origin = holder.init
  }
  return origin
}

/** `req.user.id`, `(request.user as any)?.id`, `getUserId(request)`, `(await auth()).userId`: the logged-in user. */
export function isLoggedIn(source: string): boolean {
  return LOGGED_IN.test(source)
}

const LOGGED_IN =
  /\b(?:\w*[uU]ser|\w*[sS]ession|auth|token|\w*[pP]ayload|decoded|\w*[cC]laims)\b(?:\s+as\s+[\w<>, ]{1,100})?[)!?]*\.(?:id|email|sub|user_?[iI]d|uid)\b|\b(?:require|get|fetch)(?:Current|Session|Auth(?:enticated)?|LoggedIn)?User(?:Id)?\s*\(\s*(?:req|request|ctx|c|event|headers)?\s*\)|isAuthenticated\(|\bauth\(|get(?:Server)?Session\(|\bcurrentUser\(|^(?:await\s+)?(?:req|request|ctx|context)[!?]?\.(?:user|auth|session|userId)\b|^(?:ctx|context|session|user|auth)$/

function optionOf(options: Node, name: string): Node | null {
  const properties = options.type === 'ObjectExpression' ? options.properties : []
  const option = properties.find((each) => each.type === 'ObjectProperty' && propertyName(each) === name)
  return option?.type === 'ObjectProperty' ? option.value : null
}

/**
 * `where: { createdAt: { gte: startOfWeek } }`: today's, this week's. A filter that may be left out is another list, and so
 * is one by pages.
 */
function isOfWhatIsNew(keys: readonly Node[], options: Node): boolean {
  if (isInPages(options)) return false
  return keys.some((each) => {
    if (each.type !== 'ObjectProperty' || !isCreationDate(propertyName(each) ?? '')) return false
    const { value: range } = each
    return (
      range.type === 'ObjectExpression' &&
      range.properties.some((bound) => {
        if (bound.type !== 'ObjectProperty' || !/^gte?$/.test(propertyName(bound) ?? '')) return false
        const value = unwrap(bound.value)
        return value.type !== 'ConditionalExpression' && value.type !== 'LogicalExpression'
      })
    )
  })
}

function isInPages(options: Node): boolean {
  return optionOf(options, 'skip') !== null || optionOf(options, 'cursor') !== null
}

/** `take: 5`, or `take: limit` where no pages are skipped. */
function isExcerpt(options: Node): boolean {
  const take = optionOf(options, 'take')
  const isPaged = isInPages(options)
  if (take?.type === 'NumericLiteral') return take.value <= (isPaged ? MOST_OF_PAGE : MOST_OF_EXCERPT)
  return take !== null && !isPaged
}

const MOST_OF_PAGE = 10
const MOST_OF_EXCERPT = 50

const ONE_USER = /^(?:user|owner|author|sender)_?id$/i

/** `course.authorId`, but not `params.userId` or `input.userId`, which a user asks for. */
const KEY_OF_ANOTHER =
  /(?<![\w.])(?!(?:req|request|ctx|context|c|event|params|searchParams|query|input|args|data|body|payload|dto|opts|options|this)\b)\w+[?!]?\.\w*(?:user|author|owner|sender|creator|instructor|teacher|seller|customer|created_?by|updated_?by)\w*/i

const OWN_KEY =
  /(?:id|email)['"]?\s*:\s*(?:\w+[?!]?\.)*(?:(?:user|session|auth)[?!]?\.(?:id|email|sub|user_?id)|(?:current|session|auth|loggedIn)User(?:Id|[?!]?\.(?:id|email))|(?:req|request|ctx|context)[?!]?\.userId)\b/i
