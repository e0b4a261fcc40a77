import type { Node } from '@babel/types'
import type { CodeModel, EvidenceName } from '../model'
import { valueOf, type Value } from '../object-literal'
import { isSerializer, placeEvidence } from '../place-evidence'
import type { FileContext, SelectUse } from '../facts'
import { enclosingFunction } from '../references'
import { useOfResult, type ResultUse } from '../result-use'
import { mirrorByName } from '../sites/mirrors'
import {
  isCall,
  isFunction,
  isWrapper,
  memberOf,
  placeOf,
  propertyName,
  textOfNode,
  typeNameOf,
  unwrap,
  type SourceTree,
} from '../syntax'
import { recordType } from '../record-type'
import { answerName } from '../typed-answers'
import { isForAdministrators } from './guards'
import { mirrorCast } from './mirror-cast'
import { isReadAgain } from './read-again'
import { rowEvidence } from './row-evidence'

/** Finds `x.user.findMany({ … })` for any `x`, and what is typed `Prisma.UserSelect` or made by `Prisma.validator`. */
export function findSelectUses(tree: SourceTree, context: FileContext): SelectUse[] {
  const byClientName = new Map([...context.models.values()].map((model) => [model.clientName, model]))
  return tree.nodes.flatMap((node) => {
    if (isCall(node)) return [...callUse(tree, node, byClientName, context), ...validatorUse(tree, node, context)]
    return typedUse(tree, node, context)
  })
}

const READS: ReadonlySet<string> = new Set([
  'findMany',
  'findFirst',
  'findFirstOrThrow',
  'findUnique',
  'findUniqueOrThrow',
])
const WRITES: ReadonlySet<string> = new Set([
  'create',
  'update',
  'upsert',
  'delete',
  'createManyAndReturn',
  'updateManyAndReturn',
])

function callUse(
  tree: SourceTree,
  call: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
  byClientName: ReadonlyMap<string, CodeModel>,
  context: FileContext,
): SelectUse[] {
  const method = memberOf(call.callee)
  const [first] = call.arguments
  if (method === null || first === undefined || !(READS.has(method.name) || WRITES.has(method.name))) return []
  const accessor = memberOf(method.object)
  const model = accessor === null ? undefined : byClientName.get(accessor.name)
  if (accessor === null || valueOf(first).kind === 'unknown') return []
  const inFunction = functionName(tree, call)
  const use = useOfResult(tree, mirrorCast(tree, call, context.models) ?? call)
  return [
    {
      model: model?.model ?? null,
      holds: 'arguments',
      value: valueOf(first),
      start: placeOf(call).start,
      label: labelOf(tree.text, call.callee, `${accessor.name}.${method.name}`),
      lines: [placeOf(call).line, statementLine(tree, call)],
      evidence: [
        ...placeEvidence(context.path, inFunction, accessor.name),
        ...(WRITES.has(method.name) ? (['write'] as const) : []),
        ...(isReadAgain(tree, call, accessor.name) ? (['read-again'] as const) : []),
        ...USES[use],
        ...(isReplacedLater(tree, call) ? (['replaced'] as const) : []),
        ...rowEvidence(tree, first, model),
        ...(importsSerializer(context) ? (['made-by-hand'] as const) : []),
        ...(procedureEvidence(tree, call) ?? (isForAdministrators(tree, call) ? (['admin-path'] as const) : [])),
        ...((use === 'returned' && isTypedOtherwise(tree, call, context)) || isOutputChecked(tree, call)
          ? (['typed-otherwise'] as const)
          : []),
      ],
      inMethod: use === 'returned' ? methodOf(tree, call) : null,
      inFunction: inFunction === null ? null : answerName(inFunction, holderOf(tree, call)),
    },
  ]
}

/** `let user = await …; if (!user) user = { id: 'new', name: '' }` */
function isReplacedLater(tree: SourceTree, call: Node): boolean {
  let holder = tree.parentOf(call)
  while (holder !== null && (holder.type === 'AwaitExpression' || isWrapper(holder))) holder = tree.parentOf(holder)
  const name = holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier' ? holder.id : null
  const block = name === null ? null : (enclosingFunction(tree, name) ?? tree.program)
  if (name === null || block === null) return false
  const { start, end } = placeOf(block)
  return tree.identifiersNamed(name.name).some((each) => {
    const change = tree.parentOf(each)
    const isInside = placeOf(each).start >= start && placeOf(each).end <= end
    return (
      isInside &&
      change?.type === 'AssignmentExpression' &&
      change.left === each &&
      unwrap(change.right).type === 'ObjectExpression'
    )
  })
}

/** `procedure.output(schema).query(…)`, Fastify's `{ schema: { response } }`: what a schema does not know is not sent. */
function isOutputChecked(tree: SourceTree, call: Node): boolean {
  for (let child = call, next = tree.parentOf(call); next !== null; child = next, next = tree.parentOf(next)) {
    if (!isCall(next) || next.callee === child) continue
    if (isProcedure(next) && textOfNode(tree.text, next.callee).includes('.output(')) return true
    const others = next.arguments.filter((each) => each !== child && each.type === 'ObjectExpression')
    if (others.some((each) => HAS_RESPONSE.test(textOfNode(tree.text, each)))) return true
  }
  return false
}

const HAS_RESPONSE = /^(?=[^]*\bschema\b)(?=[^]*\bresponse\s{0,9}:)/

/** Of the application: `class-transformer` passes on what it does not know. */
function importsSerializer({ imports }: FileContext): boolean {
  return [...imports.values()].some(({ from }) => /^(?:[.~#]|@\/)/.test(from) && isSerializer(from))
}

/** tRPC's procedures say who may call them: `publicProcedure.query(…)`, `adminProcedure.input(…).query(…)`. */
function procedureEvidence(tree: SourceTree, call: Node): EvidenceName[] | null {
  for (let next = tree.parentOf(call); next !== null; next = tree.parentOf(next)) {
    if (!isProcedure(next)) continue
    let root: Node = next
    for (;;) {
      const object: Node | undefined = isCall(root) ? root.callee : memberOf(root)?.object
      if (object === undefined) break
      root = object
    }
    const name = root.type === 'Identifier' ? root.name : ''
    if (/^public/i.test(name)) return ['public-path']
    return /^(?:super)?(?:admin|staff|moderator)/i.test(name) ? ['admin-path'] : null
  }
  return null
}

function isProcedure(node: Node): boolean {
  return isCall(node) && /^(?:query|mutation|handler)$/.test(memberOf(node.callee)?.name ?? '')
}

const USES: Readonly<Record<ResultUse, readonly EvidenceName[]>> = {
  'thrown-away': ['not-shown'],
  parts: ['not-shown'],
  'own-markup': ['shown', 'own-markup'],
  argument: ['passed-to-a-function'],
  cast: ['returned', 'typed-otherwise'],
  returned: ['returned'],
  shown: ['shown'],
}

/**
 * `Promise<ApiUser>`: whoever calls such a function sees the fields of that type, which only a mirror of the model
 * gets.
 */
function isTypedOtherwise(tree: SourceTree, call: Node, { models }: FileContext): boolean {
  let fn = tree.parentOf(call)
  while (fn !== null && !isFunction(fn)) fn = tree.parentOf(fn)
  const annotation = fn?.returnType?.type === 'TSTypeAnnotation' ? fn.returnType.typeAnnotation : null
  const name = annotation === null ? null : recordType(annotation)
  return name !== null && !models.has(name) && mirrorByName(name, models) === null
}

/** `Prisma.validator<Prisma.UserSelect>()({ … })` and `Prisma.validator(prisma, 'user', 'findMany')({ … })`. */
function validatorUse(
  tree: SourceTree,
  call: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
  context: FileContext,
): SelectUse[] {
  const [first] = call.arguments
  const maker = unwrap(call.callee)
  if (first === undefined || !isCall(maker) || memberOf(maker.callee)?.name !== 'validator') return []
  const type = 'typeParameters' in maker ? maker.typeParameters : null
  const typed = type?.type === 'TSTypeParameterInstantiation' ? type.params[0] : undefined
  const named = typed === undefined ? null : selectType(typed, context)
  if (named !== null) return [typedConstant(tree, call, named, valueOf(first), context)]
  const [, model, , part] = maker.arguments
  if (model?.type !== 'StringLiteral') return []
  const found = [...context.models.values()].find(({ clientName }) => clientName === model.value)
  if (found === undefined) return []
  const holds = part?.type === 'StringLiteral' && part.value === 'select' ? 'select' : 'arguments'
  return [typedConstant(tree, call, { model: found.model, holds }, valueOf(first), context)]
}

/** `… satisfies Prisma.UserSelect` and `const x: Prisma.UserSelect = …`. */
function typedUse(tree: SourceTree, node: Node, context: FileContext): SelectUse[] {
  if (node.type === 'TSSatisfiesExpression') {
    const named = selectType(node.typeAnnotation, context)
    return named === null ? [] : [typedConstant(tree, node, named, valueOf(node.expression), context)]
  }
  if (node.type !== 'VariableDeclarator' || node.id.type !== 'Identifier' || !node.init) return []
  const annotation = node.id.typeAnnotation
  const named = annotation?.type === 'TSTypeAnnotation' ? selectType(annotation.typeAnnotation, context) : null
  return named === null ? [] : [typedConstant(tree, node, named, valueOf(node.init), context)]
}

interface TypedSelect {
  readonly model: string
  readonly holds: SelectUse['holds']
}

function typedConstant(
  tree: SourceTree,
  node: Node,
  { model, holds }: TypedSelect,
  value: Value,
  context: FileContext,
): SelectUse {
  const name = constantName(tree, node)
  return {
    model,
    holds,
    value,
    start: null,
    label: name ?? model,
    lines: [placeOf(node).line, statementLine(tree, node)],
    evidence: [...placeEvidence(context.path, name, model), 'shared-select'],
    inMethod: null,
    inFunction: null,
  }
}

/** `Prisma.UserSelect` is the select of `User`; `Prisma.UserDefaultArgs` and the like are arguments. */
function selectType(type: Node, context: FileContext): TypedSelect | null {
  if (type.type !== 'TSTypeReference') return null
  const name = typeNameOf(type.typeName) ?? ''
  const match =
    /^(\w+?)(Select|Include|(?:Default|FindMany|FindFirst|FindFirstOrThrow|FindUnique|FindUniqueOrThrow)?Args)$/.exec(
      name,
    )
  const model = match?.[1] ?? ''
  if (!context.models.has(model) || match?.[2] === 'Include') return null
  return { model, holds: match?.[2] === 'Select' ? 'select' : 'arguments' }
}

function labelOf(text: string, callee: Node, otherwise: string): string {
  const { start, end } = placeOf(callee)
  const source = text.slice(start, end)
  return source.length <= 60 && !/\s/.test(source) ? source : otherwise
}

function statementLine(tree: SourceTree, node: Node): number {
  let line = placeOf(node).line
  for (let next = tree.parentOf(node); next !== null && !isFunction(next); next = tree.parentOf(next)) {
    if (next.type === 'BlockStatement' || next.type === 'Program') break
    line = placeOf(next).line
  }
  return line
}

function constantName(tree: SourceTree, node: Node): string | null {
  for (let next: Node | null = node; next !== null && !isFunction(next); next = tree.parentOf(next)) {
    if (next.type === 'VariableDeclarator') return next.id.type === 'Identifier' ? next.id.name : null
  }
  return null
}

/** `UsersService.findAll`; null outside of a method, and for one that its own class calls. */
function methodOf(tree: SourceTree, node: Node): string | null {
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) {
    if (next.type !== 'ClassMethod') continue
    const body = tree.parentOf(next)
    const holder = body === null ? null : tree.parentOf(body)
    const name = propertyName(next)
    if (holder?.type !== 'ClassDeclaration' || !holder.id || name === null) return null
    const isCalledHere = tree.identifiersNamed(name).some((each) => tree.parentOf(each) !== next)
    return isCalledHere ? null : `${holder.id.name}.${name}`
  }
  return null
}

/** The class, or the constant with an object, of the method around the node; null for a function. */
function holderOf(tree: SourceTree, node: Node): string | null {
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) {
    if (next.type === 'ClassDeclaration') return next.id?.name ?? null
    if (next.type === 'FunctionDeclaration') return null
    if (next.type !== 'VariableDeclarator') continue
    return next.init && unwrap(next.init).type === 'ObjectExpression' && next.id.type === 'Identifier'
      ? next.id.name
      : null
  }
  return null
}

/** The nearest name of a function around the node: its own, or of what it is kept in. */
function functionName(tree: SourceTree, node: Node): string | null {
  for (let next = tree.parentOf(node); next !== null; next = tree.parentOf(next)) {
    if (next.type === 'FunctionDeclaration') return next.id?.name ?? null
    if (next.type === 'ClassMethod' || next.type === 'ObjectMethod') return propertyName(next)
    const holder = isFunction(next) || isProcedure(next) ? tree.parentOf(next) : null
    if (holder?.type === 'VariableDeclarator' && holder.id.type === 'Identifier') return holder.id.name
    if (holder?.type === 'ObjectProperty' || holder?.type === 'ClassProperty') return propertyName(holder)
  }
  return null
}
