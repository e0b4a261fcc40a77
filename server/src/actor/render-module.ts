import type { AuditedModel, AuditedModels, ModelRelation, UserIdType } from './audited-models'
import { removeTypes } from './remove-types'
import template from './audit-actor.ts.txt'

export interface ModuleForm {
  readonly language: 'typescript' | 'javascript'
  /**
   * For JavaScript; TypeScript is always written as ES modules, which its compiler converts to the project's format.
   */
  readonly modules: 'esm' | 'commonjs'
  readonly withoutActor: WithoutActor
}

/** What a write does if the user is not known. */
export type WithoutActor = 'throw' | 'leave' | { readonly use: string }

/** The whole module to write into a project. */
export function renderModule(audited: AuditedModels, form: ModuleForm): string {
  const text = template
    .replace('__FIELD_NAMES__', () => audited.fieldNames.join(', '))
    .replace('__USER_ID__', () => audited.userId)
    .replace('__WITHOUT_ACTOR__', () => renderWithoutActor(form.withoutActor, audited.userId))
    .replace('__MODELS__', () => renderModels(audited.models))
    .replace('__IS_KNOWN__', () => IS_KNOWN[audited.userId])
  if (form.language === 'typescript') return text
  const script = removeTypes(text)
  return form.modules === 'esm' ? script : asCommonJs(script)
}

/** The module with its list of models renewed and everything else unchanged; null if the marks are missing. */
export function renewModels(text: string, audited: AuditedModels): string | null {
  const begin = BEGIN.exec(text)
  if (begin === null) return null
  const start = begin.index + begin[0].length
  // Searched for once, not once per beginning: a hostile file may have a million beginnings and no end.
  const end = text.slice(start).search(END)
  if (end === -1) return null
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  return text.slice(0, start) + renderModels(audited.models).replaceAll('\n', newline) + text.slice(start + end)
}

const BEGIN = /\/\/ <prisma-audit models>\r?\n(?:export )?const MODELS[^=\n]*= /
const END = /\r?\n\/\/ <\/prisma-audit models>/

const IS_KNOWN: Readonly<Record<UserIdType, string>> = {
  number: "typeof id === 'number' && !Number.isNaN(id)",
  bigint: "typeof id === 'bigint' || typeof id === 'number'",
  string: "typeof id === 'string' && id !== ''",
}

function renderWithoutActor(without: WithoutActor, userId: UserIdType): string {
  if (typeof without === 'string') return `'${without}'`
  const key = userId === 'string' ? quoted(without.use) : userId === 'bigint' ? `${without.use}n` : without.use
  return `{ use: ${key} }`
}

function renderModels(models: AuditedModels['models']): string {
  if (models.size === 0) return '{}'
  return `{\n${[...models].map(([name, model]) => renderModel(name, model)).join('')}}`
}

function renderModel(name: string, { fields, relations, names }: AuditedModel): string {
  const lines = [
    `    fields: [${fields.map(renderField).join('')}${fields.length > 0 ? '\n    ' : ''}],`,
    `    relations: {${[...relations].map(([field, relation]) => renderRelation(field, relation)).join('')}${relations.size > 0 ? '\n    ' : ''}},`,
    ...(names === null ? [] : [`    names: [${names.map(quoted).join(', ')}],`]),
  ]
  return `  ${objectKey(name)}: {\n${lines.join('\n')}\n  },\n`
}

function renderField({ scalar, on, relation }: AuditedModel['fields'][number]): string {
  const way = relation === null ? '' : `, relation: ${quoted(relation.name)}, key: ${quoted(relation.key)}`
  return `\n      { scalar: ${quoted(scalar)}, on: '${on}'${way} },`
}

function renderRelation(field: string, { model, opposite, isList, scalars }: ModelRelation): string {
  const parts = [
    `model: ${quoted(model)}`,
    ...(opposite === null ? [] : [`opposite: ${quoted(opposite)}`]),
    ...(isList ? ['list: true'] : []),
    ...(scalars.length === 0 ? [] : [`scalars: [${scalars.map(quoted).join(', ')}]`]),
  ]
  return `\n      ${objectKey(field)}: { ${parts.join(', ')} },`
}

/** Our parser reads names that Prisma rejects, and `__proto__` is no name in an object literal. */
export function objectKey(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && name !== '__proto__' ? name : `[${quoted(name)}]`
}

/** Prisma's names are letters, digits and underscores; keys of users may be anything. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${escaped}'`
}

/** Converts our own ES modules to CommonJS: named imports at the top, exports of functions, classes and constants. */
export function asCommonJs(script: string): string {
  const names: string[] = []
  const text = script
    .replace(/^import \{ ([^}]+) \} from ('[^']+')$/gm, 'const { $1 } = require($2)')
    .replace(/^import (\w+) from ('[^']+')$/gm, 'const $1 = require($2)')
    .replace(/^export ((?:async )?function|class|const) (\w+)/gm, (_, kind: string, name: string) => {
      names.push(name)
      return `${kind} ${name}`
    })
  return names.length === 0 ? text : `${text}\nmodule.exports = { ${names.join(', ')} }\n`
}
