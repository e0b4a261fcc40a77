import type { parse } from '@babel/parser'

/** The effects of loading a configuration, besides returning a value. */
export interface ConfigEffects {
  /**
   * Whether all effects of the file are known. Otherwise only running it shows its value: it may load an environment
   * file by path, assign `process.env`, or import a file that does.
   */
  readonly isCertain: boolean
  /** Whether it loads `.env` of the working folder, as `dotenv` does by default. */
  readonly loadsEnvironmentFile: boolean
}

type Statement = ReturnType<typeof parse>['program']['body'][number]

interface AnyNode {
  readonly type: string
  readonly [key: string]: unknown
}

/** The effects of a module's statements. Never throws, unless they nest deeper than the stack. */
export function effectsOf(statements: readonly Statement[]): ConfigEffects {
  const effects = new Effects()
  const isCertain = statements.every((statement: unknown) => isNode(statement) && effects.isKnownStatement(statement))
  return { isCertain, loadsEnvironmentFile: effects.loadsEnvironmentFile }
}

/** Imports without relevant effects, and the names under which they may be called. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  'prisma/config': ['defineConfig', 'env'],
  '@prisma/config': ['defineConfig', 'env'],
  path: ['join', 'resolve', 'dirname'],
  url: ['fileURLToPath'],
  process: [],
  os: [],
  fs: [],
}

/** Names with a meaning for the static reader; redeclared, they would mean something else. */
const RESERVED = new Set(['process', 'require', 'module', 'exports', '__dirname', '__filename', 'Object', 'undefined'])

class Effects {
  loadsEnvironmentFile = false
  /** Local names and the module of each, as `path.join` or, for the module object, `path.*`. */
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
        return this.declare(childAt(node, 'id'))
      case 'VariableDeclaration':
        return childrenAt(node, 'declarations').every((declaration) => this.isKnownDeclaration(declaration))
      case 'ExportDefaultDeclaration': {
        const declaration = childAt(node, 'declaration')
        return declaration.type === 'FunctionDeclaration' ? false : this.isKnown(declaration)
      }
      case 'TSExportAssignment':
        return this.isKnown(childAt(node, 'expression'))
      case 'ExpressionStatement':
        return this.isKnownExpressionStatement(childAt(node, 'expression'))
      default:
        return false
    }
  }

  private isKnownImport(node: AnyNode): boolean {
    if (node.importKind === 'type') return true
    const source = moduleName(childAt(node, 'source').value)
    if (source === 'dotenv/config') return this.loadEnvironmentFile()
    if (source !== 'dotenv' && MODULES[source] === undefined) return false
    return childrenAt(node, 'specifiers').every((specifier) => {
      const isWhole = specifier.imported === undefined
      return this.bind(childAt(specifier, 'local'), source, isWhole ? '*' : nameOfKey(childAt(specifier, 'imported')))
    })
  }

  private isKnownDeclaration(node: AnyNode): boolean {
    const pattern = childAt(node, 'id')
    const hasValue = node.init !== null && node.init !== undefined
    const value = childAt(node, 'init')
    const source = requiredModule(value)
    if (source === 'dotenv' || MODULES[source] !== undefined) {
      if (pattern.type === 'Identifier') return this.bind(pattern, source, '*')
      if (pattern.type !== 'ObjectPattern') return false
      return childrenAt(pattern, 'properties').every(
        (property) =>
          property.type === 'ObjectProperty' &&
          property.computed !== true &&
          this.bind(childAt(property, 'value'), source, nameOfKey(childAt(property, 'key'))),
      )
    }
    if (hasValue && !this.isKnown(value)) return false
    this.hasConstants = true
    return namesOf(pattern).every((name) => this.declare(name))
  }

  private isKnownExpressionStatement(node: AnyNode): boolean {
    if (requiredModule(node) === 'dotenv/config' || this.isDotenvCall(node)) return this.loadEnvironmentFile()
    if (node.type !== 'AssignmentExpression' || node.operator !== '=') return false
    const left = childAt(node, 'left')
    const isExport =
      left.type === 'MemberExpression' &&
      left.computed !== true &&
      childAt(left, 'object').name === 'module' &&
      childAt(left, 'property').name === 'exports'
    return isExport && this.isKnown(childAt(node, 'right'))
  }

  /** `dotenv.config()`, `config()` of dotenv, `require('dotenv').config()`, without relevant options. */
  private isDotenvCall(node: AnyNode): boolean {
    if (node.type !== 'CallExpression') return false
    const options = childrenAt(node, 'arguments')
    const isPlain =
      options.length === 0 || (options.length === 1 && options[0] !== undefined && saysNothingThatMatters(options[0]))
    if (!isPlain) return false
    const callee = childAt(node, 'callee')
    if (callee.type === 'Identifier') return this.imported.get(wordAt(callee, 'name')) === 'dotenv.config'
    if (callee.type !== 'MemberExpression' || callee.computed === true) return false
    const object = childAt(callee, 'object')
    if (childAt(callee, 'property').name !== 'config') return false
    return requiredModule(object) === 'dotenv' || this.imported.get(wordAt(object, 'name')) === 'dotenv.*'
  }

  /** A constant that read the environment before it was loaded would have another value. */
  private loadEnvironmentFile(): boolean {
    this.loadsEnvironmentFile = true
    return !this.hasConstants
  }

  private bind(local: AnyNode, source: string, imported: string): boolean {
    if (local.type !== 'Identifier') return false
    const name = wordAt(local, 'name')
    // Under another name, the static reader would misread it.
    const isWhole = imported === '*' || imported === 'default'
    if (!isWhole && imported !== name) return false
    if (RESERVED.has(name) && !(name === 'process' && source === 'process')) return false
    this.imported.set(name, `${source}.${isWhole ? '*' : imported}`)
    return true
  }

  private declare(name: AnyNode): boolean {
    if (name.type !== 'Identifier' || RESERVED.has(wordAt(name, 'name'))) return false
    this.declared.add(wordAt(name, 'name'))
    return true
  }

  private isKnown(node: AnyNode): boolean {
    if (node.type === 'CallExpression' && !this.isKnownCall(node)) return false
    if (node.type === 'NewExpression' && childAt(node, 'callee').name !== 'URL') return false
    if (node.type === 'UnaryExpression' && node.operator === 'delete') return false
    if (node.type === 'ObjectMethod') return node.kind === 'method' && node.computed !== true
    // A function that is not called has no effect.
    if (node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression') return true
    if (!EXPRESSIONS.has(node.type)) return false
    return childrenOf(node).every((child) => this.isKnown(child))
  }

  private isKnownCall(node: AnyNode): boolean {
    const callee = childAt(node, 'callee')
    if (callee.type === 'Identifier') {
      const name = wordAt(callee, 'name')
      if (this.declared.has(name)) return false
      const origin = this.imported.get(name)
      // An undeclared name can only be the global, or the file fails.
      if (origin === undefined) return name === 'defineConfig' || name === 'env'
      return isCallable(origin, name)
    }
    if (callee.type !== 'MemberExpression' || callee.computed === true) return false
    const object = childAt(callee, 'object')
    const origin = object.type === 'Identifier' ? this.imported.get(wordAt(object, 'name')) : undefined
    const name = wordAt(childAt(callee, 'property'), 'name')
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

/** The child nodes that run: types and comments do not. */
function childrenOf(node: AnyNode): AnyNode[] {
  return Object.entries(node).flatMap(([key, value]) => {
    if (NOT_RUN.has(key)) return []
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })
}

const NOT_RUN = new Set([
  ...['typeAnnotation', 'typeParameters', 'typeArguments', 'loc', 'extra'],
  ...['leadingComments', 'trailingComments', 'innerComments', 'errors'],
])

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** An unknown kind of value from the parser counts as an unknown node. */
const UNKNOWN: AnyNode = { type: '' }

function childAt(node: AnyNode, key: string): AnyNode {
  const value = node[key]
  return isNode(value) ? value : UNKNOWN
}

function childrenAt(node: AnyNode, key: string): AnyNode[] {
  const value = node[key]
  return Array.isArray(value) ? value.map((item: unknown) => (isNode(item) ? item : UNKNOWN)) : [UNKNOWN]
}

/** Empty if it is none. */
function wordAt(node: AnyNode, key: string): string {
  const value = node[key]
  return typeof value === 'string' ? value : ''
}

function moduleName(source: unknown): string {
  return typeof source === 'string' ? source.replace(/^node:/, '') : ''
}

/** `x` of `require('x')`; empty for anything else. */
function requiredModule(value: AnyNode): string {
  if (value.type !== 'CallExpression' || childAt(value, 'callee').name !== 'require') return ''
  const [source, ...others] = childrenAt(value, 'arguments')
  return source?.type === 'StringLiteral' && others.length === 0 ? moduleName(source.value) : ''
}

function nameOfKey(key: AnyNode): string {
  if (key.type === 'Identifier') return wordAt(key, 'name')
  return key.type === 'StringLiteral' ? wordAt(key, 'value') : ''
}

/** The names that a pattern declares; any other node is returned unchanged and counts as unknown. */
function namesOf(pattern: AnyNode): AnyNode[] {
  if (pattern.type !== 'ObjectPattern') return [pattern]
  return childrenAt(pattern, 'properties').map((property) =>
    property.type === 'RestElement' ? childAt(property, 'argument') : childAt(property, 'value'),
  )
}

/** `{ quiet: true }`, which only affects dotenv's output. */
function saysNothingThatMatters(options: AnyNode): boolean {
  if (options.type !== 'ObjectExpression') return false
  return childrenAt(options, 'properties').every(
    (property) =>
      property.type === 'ObjectProperty' &&
      property.computed !== true &&
      ['quiet', 'debug'].includes(nameOfKey(childAt(property, 'key'))) &&
      childAt(property, 'value').type === 'BooleanLiteral',
  )
}
