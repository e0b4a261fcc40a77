import path from 'node:path'
import { parse } from '@babel/parser'
import { withinTime } from '../../text/within-time'
import { effectsOf, type ConfigEffects } from './static-effects'

/** The text that a program would have at some point. */
export type StaticText =
  | {
      readonly kind: 'text'
      readonly value: string
      /** The environment variables that it contains. */ readonly variables: readonly string[]
    }
  /** A required environment variable that is not set. `isFatal`: without it, the program fails. */
  | { readonly kind: 'missing'; readonly variable: string; readonly isFatal: boolean }
  /** Only running the program would show it. */
  | { readonly kind: 'unknown' }

/** The object that a configuration exports, by property paths. Its effects are separate. */
export interface ConfigObject extends ConfigEffects {
  /** Whether an export was found at all: a file that is half typed may have none. */
  readonly isExported: boolean
  /** Null if the property certainly does not exist. */
  text(...propertyPath: readonly string[]): StaticText | null
  /** Whether it is created by `definePrismaConfig` or has `orm`: a configuration of Prisma 8. */
  readonly isOfPrisma8: boolean
  /** The plain strings of an array; empty if there is none. */
  texts(...propertyPath: readonly string[]): string[]
}

interface Surroundings {
  /** The file's path, for `__dirname` and similar. */
  readonly folder: string
  readonly workingFolder: string
  /** The environment as the program sees it; `isLoaded` if the program has loaded `.env`. */
  readonly variables: (name: string, isLoaded: boolean) => string | undefined
}

type Statement = ReturnType<typeof parse>['program']['body'][number]
type Node = Extract<Statement, { type: 'ExpressionStatement' }>['expression']
type Property = Extract<Extract<Node, { type: 'ObjectExpression' }>['properties'][number], { type: 'ObjectProperty' }>

/**
 * Of `export default defineConfig({…})`, `export default {…} satisfies PrismaConfig`, `module.exports = {…}`. Never
 * throws.
 * @public It is required, not imported.
 */
export function readConfigObject(text: string, surroundings: Surroundings): ConfigObject {
  const { statements, effects } = readProgram(text)
  const file = new ConfigSource(statements, surroundings, effects.loadsEnvironmentFile)
  return {
    ...effects,
    isExported: file.isExported,
    isOfPrisma8: file.isOfPrisma8,
    text(...propertyPath) {
      const node = file.property(propertyPath)
      return node === null || node === 'unknown' ? (node === null ? null : UNKNOWN) : file.evaluate(node)
    },
    texts(...propertyPath) {
      const property = file.property(propertyPath)
      const node = property === 'unknown' ? null : file.resolve(property)
      if (node?.type !== 'ArrayExpression') return []
      return node.elements.flatMap((element) => (element?.type === 'StringLiteral' ? [element.value] : []))
    },
  }
}

function readProgram(text: string): { statements: readonly Statement[]; effects: ConfigEffects } {
  try {
    const { program, errors } = withinTime(TIMEOUT, () =>
      parse(text, { sourceType: 'unambiguous', plugins: ['typescript'], errorRecovery: true }),
    )
    const effects = effectsOf(program.body)
    return {
      statements: program.body,
      effects: { ...effects, isCertain: effects.isCertain && (errors ?? []).length === 0 },
    }
  } catch {
    // Incomplete, or nested deeper than the parser supports: nothing is read, and running the file shows the error. Of
    // casts such as `<T>(<T>(…` each doubles the parser's time.
    return { statements: [], effects: { isCertain: false, loadsEnvironmentFile: false } }
  }
}

/** Milliseconds. */
const TIMEOUT = 1000

class ConfigSource {
  private readonly constants = new Map<string, Node>()
  /** Names of environment variables: `const { DATABASE_URL } = process.env`. */
  private readonly environmentNames = new Map<string, string>()
  private exported: Node | null = null
  private callsPrisma8 = false
  private evaluated = 0

  constructor(
    statements: readonly Statement[],
    private readonly surroundings: Surroundings,
    private readonly isLoaded: boolean,
  ) {
    for (const statement of statements) this.read(statement)
    const unwrapped = this.unwrap(this.exported)
    this.callsPrisma8 = unwrapped?.type === 'CallExpression' && isNamed(unwrapped.callee, 'definePrismaConfig')
  }

  private read(statement: Statement): void {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement
      if (declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration') {
        if (declaration.type !== 'TSDeclareFunction') this.exported = declaration
      }
    } else if (statement.type === 'TSExportAssignment') {
      this.exported = statement.expression
    } else if (statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression') {
      const { left, right } = statement.expression
      if (left.type === 'MemberExpression' && isNamed(left.object, 'module') && nameOf(left) === 'exports') {
        this.exported = right
      }
    } else if (statement.type === 'VariableDeclaration' && statement.kind === 'const') {
      for (const { id, init } of statement.declarations) {
        if (init && id.type === 'Identifier') this.constants.set(id.name, init)
        if (init && id.type === 'ObjectPattern' && isProcessEnv(init)) this.readEnvironmentNames(id.properties)
      }
    }
  }

  private readEnvironmentNames(properties: readonly (Property | { readonly type: 'RestElement' })[]): void {
    for (const property of properties) {
      if (property.type !== 'ObjectProperty') continue
      const { key, value } = property
      if (key.type === 'Identifier' && value.type === 'Identifier') this.environmentNames.set(value.name, key.name)
    }
  }

  get isExported(): boolean {
    return this.exported !== null
  }

  get isOfPrisma8(): boolean {
    const exported = this.resolve(this.exported)
    if (exported?.type !== 'ObjectExpression') return this.callsPrisma8
    return (
      this.callsPrisma8 ||
      exported.properties.some((property) => property.type === 'ObjectProperty' && keyOf(property) === 'orm')
    )
  }

  /** The value at a path of property names, starting at the exported object; null if there is none. */
  property(propertyPath: readonly string[]): Node | null | 'unknown' {
    let node = this.exported
    for (const name of propertyPath) {
      if (node === null) return null
      const object = this.resolve(node)
      if (object?.type !== 'ObjectExpression') return isNothing(object) ? null : 'unknown'
      node = null
      for (const property of object.properties) {
        // A spread may contain the property; a later property overrides it.
        if (property.type !== 'ObjectProperty' || property.computed) return 'unknown'
        if (keyOf(property) === name) node = property.value as Node
      }
    }
    return node
  }

  /** Resolves names and skips TypeScript-only syntax. */
  private unwrap(node: Node | null, depth = 0): Node | null {
    if (node === null || depth > DEEPEST) return null
    if (isWrapper(node)) return this.unwrap(node.expression, depth + 1)
    const constant = node.type === 'Identifier' ? this.constants.get(node.name) : undefined
    return constant === undefined ? node : this.unwrap(constant, depth + 1)
  }

  /** Resolves names, `as`, `satisfies`, `!` and `defineConfig(…)`. */
  resolve(node: Node | null, depth = 0): Node | null {
    if (node === null || depth > DEEPEST) return null
    if (isWrapper(node)) return this.resolve(node.expression, depth + 1)
    if (node.type === 'Identifier') {
      const constant = this.constants.get(node.name)
      return constant === undefined ? node : this.resolve(constant, depth + 1)
    }
    const isDefined =
      node.type === 'CallExpression' &&
      (isNamed(node.callee, 'defineConfig') || isNamed(node.callee, 'definePrismaConfig'))
    return isDefined ? this.resolve(firstArgument(node), depth + 1) : node
  }

  /** Constants that contain each other twice could make it endless, and the text as well. */
  evaluate(given: Node, depth = 0): StaticText {
    if (++this.evaluated > MOST_EVALUATED || depth > DEEPEST) return UNKNOWN
    const found = this.evaluateOnce(given, depth)
    return found.kind === 'text' && found.value.length > LONGEST ? UNKNOWN : found
  }

  private evaluateOnce(given: Node, depth: number): StaticText {
    const node = this.resolve(given)
    if (node === null) return UNKNOWN
    const variable = this.environmentVariable(node)
    if (variable !== null) {
      const value = this.surroundings.variables(variable, this.isLoaded)
      // Prisma's `env()` throws for an empty one too.
      const isFatal = node.type === 'CallExpression'
      if (value === undefined || (isFatal && value === '')) return { kind: 'missing', variable, isFatal }
      return { kind: 'text', value, variables: [variable] }
    }
    if (node.type === 'StringLiteral') return plain(node.value)
    if (this.isFolder(node)) return plain(this.surroundings.folder)
    if (node.type === 'TemplateLiteral') return this.evaluateTemplate(node, depth)
    if (node.type === 'LogicalExpression') return this.evaluateAlternative(node, depth)
    if (node.type === 'CallExpression') return this.evaluatePath(node, depth)
    if (node.type !== 'BinaryExpression' || node.operator !== '+' || node.left.type === 'PrivateName') return UNKNOWN
    return concatenate([this.evaluate(node.left, depth + 1), this.evaluate(node.right, depth + 1)])
  }

  /** `__dirname` and `import.meta.dirname`. */
  private isFolder(node: Node): boolean {
    if (node.type === 'MemberExpression') return node.object.type === 'MetaProperty' && nameOf(node) === 'dirname'
    return isNamed(node, '__dirname')
  }

  private evaluateTemplate(node: Extract<Node, { type: 'TemplateLiteral' }>, depth: number): StaticText {
    return concatenate(
      node.quasis.flatMap((quasi, index) => {
        const expression = node.expressions[index]
        const text = plain(quasi.value.cooked ?? '')
        return expression === undefined ? [text] : [text, this.evaluate(expression as Node, depth + 1)]
      }),
    )
  }

  private evaluateAlternative(node: Extract<Node, { type: 'LogicalExpression' }>, depth: number): StaticText {
    if (node.operator === '&&') return UNKNOWN
    const left = this.evaluate(node.left, depth + 1)
    const isEmpty =
      (left.kind === 'missing' && !left.isFatal) ||
      (left.kind === 'text' && left.value === '' && node.operator === '||')
    return isEmpty ? this.evaluate(node.right, depth + 1) : left
  }

  /** `path.join('prisma', 'schema.prisma')`, which is common for the schema's path. */
  private evaluatePath(node: Extract<Node, { type: 'CallExpression' }>, depth: number): StaticText {
    const { callee } = node
    const name = callee.type === 'MemberExpression' ? nameOf(callee) : callee.type === 'Identifier' ? callee.name : null
    if (name !== 'join' && name !== 'resolve') return UNKNOWN
    if (callee.type === 'MemberExpression' && !this.isModule(callee.object)) return UNKNOWN
    const parts = node.arguments.map((argument) => this.evaluate(argument as Node, depth + 1))
    const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.value] : []))
    if (texts.length < parts.length) return UNKNOWN
    return plain(name === 'join' ? path.join(...texts) : path.resolve(this.surroundings.workingFolder, ...texts))
  }

  /** `path`, `path.posix`, `require('path')`: an array has `join` too. */
  private isModule(given: Node | { readonly type: 'Super' }, depth = 0): boolean {
    if (given.type === 'Super' || depth > DEEPEST) return false
    const node = this.resolve(given)
    if (node?.type === 'MemberExpression') return this.isModule(node.object, depth + 1)
    return node?.type === 'Identifier' || (node?.type === 'CallExpression' && isNamed(node.callee, 'require'))
  }

  /** `env('X')`, `process.env.X`, `process.env['X']`, and names destructured from `process.env`. */
  private environmentVariable(node: Node): string | null {
    if (node.type === 'Identifier') return this.environmentNames.get(node.name) ?? null
    if (node.type === 'CallExpression' && isNamed(node.callee, 'env')) return stringOf(firstArgument(node))
    if (node.type === 'MemberExpression' && isProcessEnv(node.object)) return nameOf(node)
    return null
  }
}

function keyOf({ key }: Property): string | null {
  return key.type === 'Identifier' ? key.name : stringOf(key)
}

/** `undefined`, `null`: a property without a value. */
function isNothing(node: Node | null): boolean {
  return node?.type === 'NullLiteral' || (node?.type === 'Identifier' && node.name === 'undefined')
}

/** A constant that refers to itself must not recurse endlessly. */
const DEEPEST = 50

/** Expressions of one configuration. */
const MOST_EVALUATED = 1000

/** Characters of a URL or a path. */
const LONGEST = 10_000

const UNKNOWN: StaticText = { kind: 'unknown' }

function plain(value: string): StaticText {
  return { kind: 'text', value, variables: [] }
}

function concatenate(parts: readonly StaticText[]): StaticText {
  let value = ''
  const variables: string[] = []
  for (const part of parts) {
    if (part.kind !== 'text') return part
    value += part.value
    variables.push(...part.variables)
  }
  return { kind: 'text', value, variables }
}

type Wrapper = Extract<
  Node,
  {
    type:
      'TSAsExpression' | 'TSSatisfiesExpression' | 'TSNonNullExpression' | 'TSTypeAssertion' | 'ParenthesizedExpression'
  }
>

/** TypeScript-only syntax around a value. */
function isWrapper(node: Node): node is Wrapper {
  return /^(TS(As|Satisfies|NonNull)Expression|TSTypeAssertion|ParenthesizedExpression)$/.test(node.type)
}

function isProcessEnv(node: { type: string }): boolean {
  const member = node as Node
  return member.type === 'MemberExpression' && isNamed(member.object, 'process') && nameOf(member) === 'env'
}

function isNamed(node: { type: string }, name: string): boolean {
  const identifier = node as Node
  return identifier.type === 'Identifier' && identifier.name === name
}

/** `X` of `object.X` and `object['X']`. */
function nameOf(member: Extract<Node, { type: 'MemberExpression' }>): string | null {
  if (member.computed) return stringOf(member.property)
  return member.property.type === 'Identifier' ? member.property.name : null
}

function stringOf(node: { type: string } | null): string | null {
  const literal = node as Node | null
  return literal?.type === 'StringLiteral' ? literal.value : null
}

function firstArgument(call: Extract<Node, { type: 'CallExpression' }>): Node | null {
  return (call.arguments[0] as Node | undefined) ?? null
}
