import type { Node } from '@babel/types'
import { valueOf, type Value } from './object-literal'
import { isFunction, propertyName, unwrap, type SourceTree } from './syntax'

/** The constants of a module, its imports and its exports. */
export interface ModuleFacts {
  /** Those that are object literals, by name. A name that is declared twice is left out. */
  readonly constants: ReadonlyMap<string, Value>
  /** The results of functions that only return an object literal. */
  readonly functions: ReadonlyMap<string, Value>
  /** The local name, or the name in another module, by exported name. */
  readonly exports: ReadonlyMap<string, { readonly local: string } | ImportedName>
  readonly imports: ReadonlyMap<string, ImportedName>
  /** `export * from '…'` */
  readonly starExports: readonly string[]
}

export interface ImportedName {
  readonly from: string
  readonly name: string
}

export function moduleFacts(tree: SourceTree): ModuleFacts {
  const constants = new Map<string, Value>()
  const functions = new Map<string, Value>()
  const exports = new Map<string, { readonly local: string } | ImportedName>()
  const imports = new Map<string, ImportedName>()
  const starExports: string[] = []
  const declared = new Set<string>()
  const declare = (name: string, into: Map<string, Value>, value: Value) => {
    if (declared.has(name)) {
      constants.delete(name)
      functions.delete(name)
    } else if (value.kind === 'object' || value.kind === 'name' || value.kind === 'member') into.set(name, value)
    declared.add(name)
  }
  for (const node of tree.nodes) {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') {
      const init = node.init ? unwrap(node.init) : null
      if (isFunction(init)) declare(node.id.name, functions, answerOf(init))
      else declare(node.id.name, constants, init === null ? { kind: 'unknown' } : valueOf(init))
    } else if (node.type === 'FunctionDeclaration' && node.id) {
      declare(node.id.name, functions, answerOf(node))
    } else if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) {
        const name =
          specifier.type === 'ImportSpecifier'
            ? (propertyName({ key: specifier.imported }) ?? '')
            : specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : '*'
        imports.set(specifier.local.name, { from: node.source.value, name })
      }
    } else if (node.type === 'ExportAllDeclaration') {
      starExports.push(node.source.value)
    } else if (node.type === 'ExportDefaultDeclaration' && node.declaration.type === 'Identifier') {
      exports.set('default', { local: node.declaration.name })
    } else if (node.type === 'ExportNamedDeclaration') {
      const { source } = node
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue
        const name = propertyName({ key: specifier.exported }) ?? ''
        exports.set(name, source ? { from: source.value, name: specifier.local.name } : { local: specifier.local.name })
      }
      if (node.declaration?.type === 'VariableDeclaration') {
        for (const { id } of node.declaration.declarations) {
          if (id.type === 'Identifier') exports.set(id.name, { local: id.name })
        }
      }
      if (node.declaration?.type === 'FunctionDeclaration' && node.declaration.id) {
        exports.set(node.declaration.id.name, { local: node.declaration.id.name })
      }
    }
  }
  return { constants, functions, exports, imports, starExports }
}

function answerOf(fn: Node): Value {
  if (!isFunction(fn)) return { kind: 'unknown' }
  const { body } = fn
  if (body.type !== 'BlockStatement') return valueOf(body)
  const [only] = body.body
  return body.body.length === 1 && only?.type === 'ReturnStatement' && only.argument
    ? valueOf(only.argument)
    : { kind: 'unknown' }
}
