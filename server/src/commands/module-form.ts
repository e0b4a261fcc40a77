import path from 'node:path'
import { parse } from 'jsonc-parser'
import { nearestFile, readFound, type FoundFile } from '../files/nearest-file'
import type { ModuleForm } from '../actor/render-module'

/**
 * The language and module syntax of a new file: from its extension, the `type` of its package, and the compiler's
 * options.
 */
export function moduleForm(file: string): Pick<ModuleForm, 'language' | 'modules'> {
  const language = /\.[cm]?ts$/.test(file) ? 'typescript' : 'javascript'
  if (/\.m[jt]s$/.test(file)) return { language, modules: 'esm' }
  if (file.endsWith('.cjs')) return { language, modules: 'commonjs' }
  const isCommonJs = isCommonJsByPackage(file)
  if (language === 'javascript') return { language, modules: isCommonJs ? 'commonjs' : 'esm' }
  const { module, verbatimModuleSyntax } = compilerOptionsAround(path.dirname(file))
  const isByPackage = file.endsWith('.cts') || module.startsWith('node')
  const isWritten = verbatimModuleSyntax && (isByPackage ? isCommonJs : module === 'commonjs')
  return { language, modules: isWritten ? 'commonjs' : 'esm' }
}

/**
 * The ending that the compiler requires of relative imports in this TypeScript file, because Node would load it as an ES
 * module; empty where it requires none.
 */
export function requiredEnding(file: string): '' | '.js' | '.ts' {
  const { module, namesTypeScript } = compilerOptionsAround(path.dirname(file))
  if (!module.startsWith('node') || (!file.endsWith('.mts') && isCommonJsByPackage(file))) return ''
  return namesTypeScript ? '.ts' : '.js'
}

function isCommonJsByPackage(file: string): boolean {
  return file.endsWith('.cts') || packageType(path.dirname(file)) !== 'module'
}

function packageType(folder: string): unknown {
  const text = nearestFile(folder, 'package.json')?.text
  return text === undefined ? null : optionsOf(text).type
}

interface CompilerOptions {
  /** In lower case; empty if not set. */
  readonly module: string
  readonly verbatimModuleSyntax: boolean
  /** Whether imports name TypeScript files as they are. */
  readonly namesTypeScript: boolean
}

/**
 * The options that decide whether a file may use `import … from`: from the nearest `tsconfig.json` and those it
 * extends.
 */
function compilerOptionsAround(folder: string): CompilerOptions {
  const found = nearestFile(folder, 'tsconfig.json')
  const options = found === null ? {} : mergedOptions(found.file, found.text, MOST_EXTENDED)
  const { module, verbatimModuleSyntax, allowImportingTsExtensions, rewriteRelativeImportExtensions } = options
  return {
    module: typeof module === 'string' ? module.toLowerCase() : '',
    verbatimModuleSyntax: verbatimModuleSyntax === true,
    namesTypeScript: allowImportingTsExtensions === true || rewriteRelativeImportExtensions === true,
  }
}

const MOST_EXTENDED = 10

function mergedOptions(file: string, text: string, most: number): Record<string, unknown> {
  const { extends: extended, compilerOptions } = optionsOf(text)
  const bases =
    most === 0
      ? []
      : (Array.isArray(extended) ? extended : [extended]).flatMap((name: unknown) => {
          const base = typeof name === 'string' ? extendedFile(path.dirname(file), name) : null
          return base === null ? [] : [mergedOptions(base.file, base.text, most - 1)]
        })
  return Object.assign({}, ...bases, isRecord(compilerOptions) ? compilerOptions : {}) as Record<string, unknown>
}

/** A path, or a file of a package: `@tsconfig/node22`, `@tsconfig/node22/tsconfig.json`. */
function extendedFile(folder: string, name: string): FoundFile | null {
  const names = name.endsWith('.json') ? [name] : [`${name}.json`, `${name}/tsconfig.json`]
  for (const each of names) {
    const isPath = each.startsWith('.') || path.isAbsolute(each)
    const found = isPath ? readFound(path.resolve(folder, each)) : nearestFile(folder, path.join('node_modules', each))
    if (found !== null) return found
  }
  return null
}

/** JSON with comments; anything but an object has no options. */
function optionsOf(text: string): Record<string, unknown> {
  const parsed: unknown = parse(text, [], { allowTrailingComma: true })
  return isRecord(parsed) ? parsed : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
