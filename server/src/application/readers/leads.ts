import type { Node } from '@babel/types'
import { isCall, isFunction, memberOf, propertyName, unwrap, type CallNode, type SourceTree } from '../syntax'
import { addressOf, addressOfFile, type Address } from './addresses'

/** Where to look on for a value that code has at a place. */
export type Lead =
  /** Whoever requests this address gets it. `isMounted`: another file may put it below another address. */
  | { readonly kind: 'route'; readonly address: Address; readonly isMounted: boolean }
  /** Whoever calls this function or method gets it; `holder` is the class or object that has it. */
  | { readonly kind: 'name'; readonly name: string; readonly holder: string | null }
  /** A component of this file has it. */
  | { readonly kind: 'page' }

export type NameLead = Extract<Lead, { kind: 'name' }>

/** The lead, and what of the file is about the value. */
export interface FoundLead {
  readonly lead: Lead
  readonly scope: Node
}

/** Null where the value goes nowhere, as far as the code shows. `path` is below the application's folder. */
export function leadFrom(tree: SourceTree, node: Node, path: string): FoundLead | null {
  let member: string | null = null
  let holder: string | null = null
  let isFunctionHeld = false
  let isClass = false
  let crossed = node.type.endsWith('Literal')
  let scope = node
  /** What else its class or object has is not about the value. */
  let method: Node | null = null
  for (let child = node, parent = tree.parentOf(node); parent !== null; child = parent, parent = tree.parentOf(child)) {
    scope = child
    if (isCall(parent)) {
      const address = parent.callee === child ? null : mountedAddress(parent, child)
      if (address !== null) return { lead: { kind: 'route', address, isMounted: true }, scope: parent }
    } else if (parent.type === 'ClassMethod') {
      const address = decoratedAddress(tree, parent)
      if (address !== null) return { lead: { kind: 'route', address, isMounted: false }, scope: parent }
    }
    crossed ||= parent.type === 'ClassMethod' || parent.type === 'ObjectMethod'
    const key = keyOf(parent, child)
    const served = key === null ? null : /^GET\s+(\/.*)$/.exec(key)?.[1]
    if (served !== null && served !== undefined) {
      const address = addressOf(served)
      return address === null ? null : { lead: { kind: 'route', address, isMounted: false }, scope: parent }
    }
    if (key !== null && crossed && !PASSED.test(key) && member === null) {
      member = key
      method = parent
    }
    const name = declaredName(tree, parent)
    if (name !== null) {
      holder = name
      isClass = parent.type === 'ClassDeclaration'
      isFunctionHeld = isFunction(parent) || (parent.type === 'VariableDeclarator' && isMadeOfFunction(parent.init))
    }
    crossed ||= isFunction(parent)
  }
  // `@Module({ providers: [UsersService] })` gets no records.
  if (isClass && member === null && !COMPONENT.test(path)) return null
  const lead = leadOf(path, { member, holder, isFunctionHeld })
  if (lead?.kind === 'page') scope = tree.program
  else if (method !== null && lead?.kind === 'name' && lead.name === member) scope = method
  return lead === null ? null : { lead, scope }
}

interface Names {
  readonly member: string | null
  readonly holder: string | null
  readonly isFunctionHeld: boolean
}

function leadOf(path: string, { member, holder, isFunctionHeld }: Names): Lead | null {
  if (holder !== null && LOADER.test(holder)) return { kind: 'page' }
  const isHandler = holder !== null && HANDLER.test(holder)
  const isAsked = holder === null || !/^(?:HEAD|OPTIONS|POST|PUT|PATCH|DELETE|action)$/.test(holder)
  const mayServe = holder === null || isHandler || /\bpages\/api\//.test(path)
  const address = mayServe && isAsked ? addressOfFile(path) : null
  if (address !== null) return { kind: 'route', address, isMounted: false }
  if (COMPONENT.test(path)) {
    const isComponent =
      holder === null || /^[A-Z]/.test(holder) || holder === 'default' || /\.(?:vue|svelte)$/.test(path)
    if (isComponent && (member === null || isFunctionHeld || holder === null)) return { kind: 'page' }
  }
  if (holder === null) return member === null ? null : { kind: 'name', name: member, holder: null }
  // Frameworks call these, and each file has its own.
  if (isHandler && addressOfFile(path) !== null) return null
  // What a hook or a component does inside is its own.
  const isOwn = isFunctionHeld && /^(?:use[A-Z]|[A-Z])/.test(holder)
  return member === null || isOwn
    ? { kind: 'name', name: holder, holder: null }
    : { kind: 'name', name: member, holder }
}

/** What frameworks call in the file of a route. */
const HANDLER = /^(?:default|handler|action|GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/i

/** The parts that frameworks call to get the data of a page. */
export const LOADER = /^(?:loader|clientLoader|load|getServerSideProps|getStaticProps|getInitialProps)$/

export const COMPONENT = /\.(?:[jt]sx|vue|svelte)$/

/** RTK Query makes hooks of an endpoint's name. */
export function namesOf({ name, holder }: NameLead): string[] {
  const capital = name.charAt(0).toUpperCase() + name.slice(1)
  return holder === null ? [name] : [name, `use${capital}Query`, `useLazy${capital}Query`]
}

/** SvelteKit's `+page.server.ts` is for the `+page.svelte` beside it. */
export function pageOf(path: string): string {
  return path.replace(/\+(page|layout)(?:\.server)?\.[jt]s$/, '+$1.svelte')
}

/** Options of what reads data: they do not name the data. */
const PASSED =
  /^(?:query|queryFn|mutationFn|queryKey|fetcher|handler|resolve|execute|loader|load|url|select|where|data|endpoints|actions?|setup|methods|computed|props|routes|headers|on[A-Z]\w*|then|GET|default)$/

function keyOf(parent: Node, child: Node): string | null {
  if (parent.type === 'ObjectProperty' || parent.type === 'ClassProperty')
    return parent.value === child ? propertyName(parent) : null
  return parent.type === 'ObjectMethod' || parent.type === 'ClassMethod' ? propertyName(parent) : null
}

/** The name of a declaration of the module, `default` for what has none. */
function declaredName(tree: SourceTree, node: Node): string | null {
  const parent = tree.parentOf(node)
  const isOuter = (each: Node | null) =>
    each?.type === 'Program' || each?.type === 'ExportNamedDeclaration' || each?.type === 'ExportDefaultDeclaration'
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration')
    return isOuter(parent) ? (node.id?.name ?? 'default') : null
  if (node.type === 'VariableDeclarator')
    return parent !== null && isOuter(tree.parentOf(parent)) && node.id.type === 'Identifier' ? node.id.name : null
  if (node.type === 'ExportDefaultDeclaration') return node.declaration.type.endsWith('Declaration') ? null : 'default'
  // `exports.getUsers = async (req, res) => …`
  return node.type === 'AssignmentExpression' && parent?.type === 'ExpressionStatement'
    ? (memberOf(node.left)?.name ?? null)
    : null
}

/** `() => …`, `memo(() => …)`, `useCallback(async () => …, [])`. */
function isMadeOfFunction(init: Node | null | undefined): boolean {
  if (!init) return false
  const made = unwrap(init)
  return (
    isFunction(made) || (isCall(made) && made.arguments.length > 0 && isFunction(unwrap(made.arguments[0] ?? made)))
  )
}

/** `router.get('/users', requireAdmin, handler)` */
function mountedAddress(call: CallNode, child: Node): Address | null {
  const [first] = call.arguments
  if (!/^(?:get|all|route)$/.test(memberOf(call.callee)?.name ?? '') || first === child) return null
  return first?.type === 'StringLiteral' && first.value.startsWith('/') ? (addressOf(first.value) ?? []) : null
}

/** `@Get(':id')` in `@Controller('admin/users')`; null without them. */
function decoratedAddress(tree: SourceTree, method: Extract<Node, { type: 'ClassMethod' }>): Address | null {
  const own = argumentOf(method.decorators, /^Get$/)
  const body = tree.parentOf(method)
  const holder = body === null ? null : tree.parentOf(body)
  const outer = holder?.type === 'ClassDeclaration' ? argumentOf(holder.decorators, /Controller$/) : null
  return own === null || outer === null ? null : addressOf(`/${outer}/${own}`)
}

function argumentOf(
  decorators: readonly { readonly expression: Node }[] | null | undefined,
  name: RegExp,
): string | null {
  for (const { expression } of decorators ?? []) {
    if (!isCall(expression) || expression.callee.type !== 'Identifier' || !name.test(expression.callee.name)) continue
    const [first] = expression.arguments
    if (first?.type === 'StringLiteral') return first.value
    const path =
      first?.type === 'ObjectExpression'
        ? first.properties.find((each) => each.type === 'ObjectProperty' && propertyName(each) === 'path')
        : undefined
    return path?.type === 'ObjectProperty' && path.value.type === 'StringLiteral' ? path.value.value : ''
  }
  return null
}
