import type { parse } from '@babel/parser'

/** What loading a configuration does besides giving a value. */
export interface ConfigEffects {
  /**
   * Is everything that the file does of a kind whose effect is known? Otherwise only running it tells what it gives: it
   * may load an environment file by its path, assign `process.env`, or import a file that does.
   */
  readonly isCertain: boolean
  /** Does it load `.env` of the working folder, as `dotenv` does by default? */
  readonly loadsEnvironmentFile: boolean
}

type Statement = ReturnType<typeof parse>['program']['body'][number]

interface AnyNode {
  readonly type: string
  readonly [key: string]: unknown
}

/** Of a module's statements. Never throws, save where they nest deeper than the stack reaches. */
export function effectsOf(statements: readonly Statement[]): ConfigEffects {
  const effects = new Effects()
  const isCertain = statements.every((statement) => effects.isKnownStatement(statement as unknown as AnyNode))
  return { isCertain, loadsEnvironmentFile: effects.loadsEnvironmentFile }
}

/** What may be imported without an effect that matters here, and by which names it may then be called. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'prisma/config': ['defineConfig', 'env'],
  '@prisma/config': ['defineConfig', 'env'],
  path: ['join', 'resolve', 'dirname'],
  url: ['fileURLToPath'],
  process: [],
  os: [],
  fs: [],
}

/** Names that mean something to whoever reads the file; declared anew they would mean something else. */
const RESERVED = new Set(['process', 'require', 'module', 'exports', '__dirname', '__filename', 'Object', 'undefined'])

class Effects {
  loadsEnvironmentFile = false
  /** Names of the file and the module that each stands for, as `path.join` or, for a whole module, `path.*`. */
  private readonly imported = new Map<string, string>()
  private readonly declared = new Set<string>()
  private hasConstants = false

  isKnownStatement(node: AnyNode): boolean {
    switch (node.type) {
      case 'EmptyStatement':
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSDeclareFunction':
        return true
      case 'ImportDeclaration':
        return this.isKnownImport(node)
      case 'FunctionDeclaration':
        return this.declare(node.id as AnyNode | null)
      case 'VariableDeclaration':
        return (node.declarations as AnyNode[]).every((declaration) => this.isKnownDeclaration(declaration))
      case 'ExportDefaultDeclaration': {
        const declaration = node.declaration as AnyNode
        return declaration.type === 'FunctionDeclaration' ? false : this.isKnown(declaration)
      }
      case 'TSExportAssignment':
        return this.isKnown(node.expression as AnyNode)
      case 'ExpressionStatement':
        return this.isKnownExpressionStatement(node.expression as AnyNode)
      default:
        return false
    }
  }

  private isKnownImport(node: AnyNode): boolean {
    if (node.importKind === 'type') return true
    const source = moduleName((node.source as AnyNode).value)
    if (source === 'dotenv/config') return this.loadEnvironmentFile()
    if (source !== 'dotenv' && MODULES[source] === undefined) return false
    return (node.specifiers as AnyNode[]).every((specifier) => {
      const importedNode = specifier.imported as AnyNode | undefined
      return this.bind(specifier.local as AnyNode, source, importedNode === undefined ? '*' : nameOfKey(importedNode))
    })
  }

  private isKnownDeclaration({ id, init }: AnyNode): boolean {
    const pattern = id as AnyNode
    const source = requiredModule(init)
    if (source === 'dotenv' || MODULES[source] !== undefined) {
      if (pattern.type === 'Identifier') return this.bind(pattern, source, '*')
      if (pattern.type !== 'ObjectPattern') return false
      return (pattern.properties as AnyNode[]).every(
        (property) =>
          property.type === 'ObjectProperty' &&
          property.computed !== true &&
          this.bind(property.value as AnyNode, source, nameOfKey(property.key as AnyNode)),
      )
    }
    if (init !== null && init !== undefined && !this.isKnown(init as AnyNode)) return false
    this.hasConstants = true
    return namesOf(pattern).every((name) => this.declare(name))
  }

  private isKnownExpressionStatement(node: AnyNode): boolean {
    if (requiredModule(node) === 'dotenv/config' || this.isDotenvCall(node)) return this.loadEnvironmentFile()
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return false
    const left = node.left as AnyNode
    const isExport =
      left.type === 'MemberExpression' &&
      left.computed !== true &&
      (left.object as AnyNode).name === 'module' &&
      (left.property as AnyNode).name === 'exports'
    return isExport && this.isKnown(node.right as AnyNode)
  }

  /** `dotenv.config()`, `config()` of dotenv, `require('dotenv').config()`, with nothing said that matters. */
  private isDotenvCall(node: AnyNode): boolean {
    if (node.type !== 'CallExpression') return false
    const options = node.arguments as AnyNode[]
    const isPlain =
      options.length === 0 || (options.length === 1 && options[0] !== undefined && saysNothingThatMatters(options[0]))
    if (!isPlain) return false
    const callee = node.callee as AnyNode
    if (callee.type === 'Identifier') return this.imported.get(callee.name as string) === 'dotenv.config'
    if (callee.type !== 'MemberExpression' || callee.computed === true) return false
    const object = callee.object as AnyNode
    if ((callee.property as AnyNode).name !== 'config') return false
    return requiredModule(object) === 'dotenv' || this.imported.get(object.name as string) === 'dotenv.*'
  }

  /** What a constant read of the environment before would not have been of the file. */
  private loadEnvironmentFile(): boolean {
    this.loadsEnvironmentFile = true
    return !this.hasConstants
  }

  private bind(local: AnyNode, source: string, imported: string): boolean {
    if (local.type !== 'Identifier') return false
    const name = local.name as string
    // By another name the reader of the values would take it for something else.
    const isWhole = imported === '*' || imported === 'default'
    if (!isWhole && imported !== name) return false
    if (RESERVED.has(name) && !(name === 'process' && source === 'process')) return false
    this.imported.set(name, `${source}.${isWhole ? '*' : imported}`)
    return true
  }

  private declare(name: AnyNode | null): boolean {
    if (name?.type !== 'Identifier' || RESERVED.has(name.name as string)) return false
    this.declared.add(name.name as string)
    return true
  }

  private isKnown(node: AnyNode): boolean {
    if (node.type === 'CallExpression' && !this.isKnownCall(node)) return false
    if (node.type === 'NewExpression' && (node.callee as AnyNode).name !== 'URL') return false
    if (node.type === 'UnaryExpression' && node.operator === 'delete') return false
    if (node.type === 'ObjectMethod') return node.kind === 'method' && node.computed !== true
    // What is not called does nothing.
    if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') return true
    if (!EXPRESSIONS.has(node.type)) return false
    return childrenOf(node).every((child) => this.isKnown(child))
  }

  private isKnownCall(node: AnyNode): boolean {
    const callee = node.callee as AnyNode
    if (callee.type === 'Identifier') {
      const name = callee.name as string
      if (this.declared.has(name)) return false
      const origin = this.imported.get(name)
      // Not declared at all, it can be nothing else, or the file fails.
      if (origin === undefined) return name === 'defineConfig' || name === 'env'
      return isCallable(origin, name)
    }
    if (callee.type !== 'MemberExpression' || callee.computed === true) return false
    const object = callee.object as AnyNode
    const origin = object.type === 'Identifier' ? this.imported.get(object.name as string) : undefined
    const name = (callee.property as AnyNode).name as string
    return origin?.endsWith('.*') === true && origin.startsWith('path.') && isCallable(`path.${name}`, name)
  }
}

function isCallable(origin: string, name: string): boolean {
  return Object.entries(MODULES).some(([source, names]) => names.includes(name) && origin === `${source}.${name}`)
}

const EXPRESSIONS = new Set([
  ...['StringLiteral', 'NumericLiteral', 'BooleanLiteral', 'NullLiteral', 'RegExpLiteral', 'BigIntLiteral'],
  ...['TemplateLiteral', 'TemplateElement', 'Identifier', 'MetaProperty', 'ObjectExpression', 'ObjectProperty'],
  ...['ArrayExpression', 'SpreadElement', 'MemberExpression', 'OptionalMemberExpression', 'LogicalExpression'],
  ...['BinaryExpression', 'ConditionalExpression', 'UnaryExpression', 'ParenthesizedExpression', 'CallExpression'],
  ...['NewExpression', 'TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'],
])

/** Of the nodes below, those that are run: types and comments are not. */
function childrenOf(node: AnyNode): AnyNode[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (NOT_RUN.has(key)) return []
    return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode)
  })
}

const NOT_RUN = new Set([
  ...['typeAnnotation', 'typeParameters', 'typeArguments', 'loc', 'extra'],
  ...['leadingComments', 'trailingComments', 'innerComments', 'errors'],
])

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

function moduleName(source: unknown): string {
  return typeof source === 'string' ? source.replace(/^node:/, '') : ''
}

/** `x` of `require('x')`; empty for anything else. */
function requiredModule(value: unknown): string {
  if (!isNode(value) || value.type !== 'CallExpression' || (value.callee as AnyNode).name !== 'require') return ''
  const [source, ...others] = value.arguments as AnyNode[]
  return source?.type === 'StringLiteral' && others.length === 0 ? moduleName(source.value) : ''
}

function nameOfKey(key: AnyNode): string {
  return (key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : '') as string
}

/** The names that a pattern declares; what is no plain name comes back as it is, and is none that is known. */
function namesOf(pattern: AnyNode): AnyNode[] {
  if (pattern.type !== 'ObjectPattern') return [pattern]
  return (pattern.properties as AnyNode[]).map((property) =>
    property.type === 'RestElement' ? (property.argument as AnyNode) : (property.value as AnyNode),
  )
}

/** `{ quiet: true }`, by which dotenv is only told what to print. */
function saysNothingThatMatters(options: AnyNode): boolean {
  if (options.type !== 'ObjectExpression') return false
  return (options.properties as AnyNode[]).every(
    (property) =>
      property.type === 'ObjectProperty' &&
      property.computed !== true &&
      ['quiet', 'debug'].includes(nameOfKey(property.key as AnyNode)) &&
      (property.value as AnyNode).type === 'BooleanLiteral',
  )
}
