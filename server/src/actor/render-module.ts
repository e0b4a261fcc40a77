import { createHash } from 'node:crypto'
import type { AuditedModel, AuditedModels, ModelRelation, UserIdType } from './audited-models'
import { removeTypes } from './remove-types'
import template from './audit-actor.ts.txt'

export interface ModuleForm {
  readonly language: 'typescript' | 'javascript'
  /**
   * TypeScript is written as ES modules, which its compiler turns into what the project has; `commonjs` for a file in
   * which
   * `verbatimModuleSyntax` allows no `import … from`.
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
    .replace('__NAME__', () => nameOf(audited))
    .replace('__IS_KNOWN__', () => IS_KNOWN[audited.userId])
  return inForm(text, form)
}

/** A TypeScript text of ours, written as ES modules, as the project's files are. */
export function inForm(text: string, { language, modules }: Omit<ModuleForm, 'withoutActor'>): string {
  if (language === 'typescript') return modules === 'esm' ? text : asVerbatimCommonJs(text)
  const script = removeTypes(text)
  return modules === 'esm' ? script : asCommonJs(script)
}

/**
 * The module with its list of models renewed and everything else unchanged; null if the marks are missing. A list that
 * differs only by its format keeps that: the project formats its code.
 */
export function renewModels(text: string, audited: AuditedModels): string | null {
  const begin = BEGIN.exec(text)
  if (begin === null) return null
  const start = begin.index + begin[0].length
  // Searched for once, not once per beginning: a hostile file may have a million beginnings and no end.
  const end = text.slice(start).search(END)
  if (end === -1) return null
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const models = renderModels(audited.models)
  if (withoutFormat(models) === withoutFormat(text.slice(start, start + end))) return text
  return text.slice(0, start) + models.replaceAll('\n', newline) + text.slice(start + end)
}

/** Without what Prettier changes in the list: its keys and names hold no white space. */
function withoutFormat(models: string): string {
  return models
    .replace(/[\s;]/g, '')
    .replaceAll('"', "'")
    .replace(/,(?=[}\]])/g, '')
}

/**
 * Whether a module is as we wrote it, whatever its models; false if it stands in for the user by a key, or was
 * formatted.
 */
export function isAsWritten(text: string, form: Omit<ModuleForm, 'withoutActor'>): boolean {
  const fields = FIELD_NAMES.exec(text)?.[1]
  const found = renewModels(text, { ...NOTHING_TO_FILL, userId: 'string' })
  if (fields === undefined || found === null) return false
  const read = found.replaceAll('\r\n', '\n').replace(NAME, `$1${nameOf(NOTHING_TO_FILL)}'`)
  const written = Object.keys(IS_KNOWN).flatMap((userId) =>
    (['throw', 'leave'] as const).map((withoutActor) =>
      renderModule(
        { ...NOTHING_TO_FILL, fieldNames: [fields], userId: userId as UserIdType },
        { ...form, withoutActor },
      ),
    ),
  )
  return written.includes(read)
}

/** Differs between the schemas of one process; a renewed module keeps its own. */
function nameOf({ models }: Pick<AuditedModels, 'models'>): string {
  return createHash('sha256').update(renderModels(models)).digest('hex').slice(0, 12)
}

const NAME = /(Symbol\.for\('audit-actor )[0-9a-f]{12}'/

const FIELD_NAMES = /^\/\/ Fills (.+) with the user who acts/m

const NOTHING_TO_FILL = { models: new Map(), fieldNames: [], left: [] } as const

const BEGIN = /\/\/ <prisma-audit models>\r?\n(?:export )?const MODELS[^=\n]*= /
const END = /\r?\n\/\/ <\/prisma-audit models>/

const IS_KNOWN: Readonly<Record<UserIdType, string>> = {
  // Prisma writes NULL for a number that JSON does not have, and user 1 for 1.5.
  number: "typeof id === 'number' && Number.isSafeInteger(id)",
  bigint: "typeof id === 'bigint' || (typeof id === 'number' && Number.isSafeInteger(id))",
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

/**
 * Our own ES modules as CommonJS in JavaScript: imports of names at the top, exports of functions, classes and
 * constants.
 */
function asCommonJs(script: string): string {
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

/**
 * Our own ES modules as TypeScript writes CommonJS itself: `import x = require(…)` and one `export =`, which has the
 * types of users in a namespace of its name.
 */
function asVerbatimCommonJs(text: string): string {
  const names: string[] = []
  const types: string[] = []
  const module = text
    .replace(/^import \{ ([^}]+) \} from ('([^']+)')$/gm, (_, imported: string, quotedPath: string, path: string) => {
      const holder = `${path
        .replace(/^.*[:/]/, '')
        .replace(/\W|_/g, ' ')
        .trim()
        .replace(/ +(\w)/g, (__, first: string) => first.toUpperCase())}Module`
      const each = imported.split(', ')
      const values = each.filter((name) => !name.startsWith('type '))
      const aliases = each.filter((name) => name.startsWith('type ')).map((name) => name.slice('type '.length))
      return [
        `import ${holder} = require(${quotedPath})`,
        `const { ${values.join(', ')} } = ${holder}`,
        ...aliases.map((name) => `type ${name} = ${holder}.${name}`),
      ].join('\n')
    })
    .replace(/^import (\w+) from ('[^']+')$/gm, 'import $1 = require($2)')
    .replace(
      /^export (type|interface|(?:async )?function|class|const) (\w+)(.*)$/gm,
      (_, kind: string, name: string, rest: string) => {
        if (kind === 'type') types.push(`  export type ${name}${rest}`)
        else if (kind !== 'interface') names.push(name)
        return `${kind} ${name}${rest}`
      },
    )
  if (names.length === 0) return module
  return `${module}\nconst auditActorModule = { ${names.join(', ')} }\nnamespace auditActorModule {\n${types.join('\n')}\n}\nexport = auditActorModule\n`
}
