import {
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser'
// As a namespace: so the bundle has only what is used of it.
import * as z from 'zod'
import { compileModelGlob, isPlainName } from './model-glob'
import type { Policy } from './policy'
import { parseUserKeyType, USER_KEY_TYPES } from './user-key-type'

export interface PolicyProblem {
  readonly message: string
  /** Where in the file's value: `['rules', 0, 'require']`; empty for the whole. */
  readonly path: readonly (string | number)[]
  /** Where in the text, in UTF-16 code units. */
  readonly offset: number
}

export interface ParsedPolicy {
  /** Null as soon as there is one problem: half a policy would require less than its author meant. */
  readonly policy: Policy | null
  readonly problems: readonly PolicyProblem[]
  /** The models that a valid policy names, not by a pattern, and where in the text. */
  readonly names: readonly NamedModel[]
}

interface NamedModel {
  readonly name: string
  readonly offset: number
}

/** The text of a `prisma-audit.json` as a trusted policy with every default filled in, or all that is wrong with it. */
export function parsePolicy(text: string): ParsedPolicy {
  if (nestsTooDeep(text)) {
    const message = `The policy is not valid: its brackets nest deeper than ${String(DEEPEST)} levels.`
    return { policy: null, problems: [{ message, path: [], offset: 0 }], names: [] }
  }
  const errors: ParseError[] = []
  // A byte order mark, as Windows editors leave it, is no part of JSON.
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true, allowTrailingComma: false })
  const [syntaxError] = errors
  if (tree === undefined || syntaxError !== undefined) {
    return { policy: null, problems: [describeSyntaxError(syntaxError)], names: [] }
  }
  const result = policySchema.safeParse(getNodeValue(tree))
  if (!result.success) {
    const problems = result.error.issues.slice(0, MOST_PROBLEMS).flatMap((issue) => describeIssue(issue, tree))
    return { policy: null, problems: problems.slice(0, MOST_PROBLEMS), names: [] }
  }
  const { userModel, rules, fields } = result.data
  const policy = { userModel, rules, fields }
  return { policy, problems: [], names: namedModels(policy, tree) }
}

/** So many are told. */
const MOST_PROBLEMS = 50

/** A policy itself needs five. */
const DEEPEST = 50

/** Parsers call themselves for each level, and a policy comes with somebody's repository. */
function nestsTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > DEEPEST) return true
  }
  return false
}

/** In rules and as the user model, where that is written out and something refers to it. */
function namedModels({ userModel, rules, fields }: Policy, tree: Node): NamedModel[] {
  const found: NamedModel[] = []
  const user = findNodeAtLocation(tree, ['userModel'])
  const isReferredTo =
    (fields.updatedBy.relation && rules.some(({ require }) => require.includes('updatedBy'))) ||
    (fields.ownerId.relation && rules.some(({ require }) => require.includes('ownerId')))
  if (user !== undefined && isReferredTo) found.push({ name: userModel, offset: user.offset })
  const written = findNodeAtLocation(tree, ['rules'])?.children ?? []
  for (const rule of written) {
    for (const { value, offset } of findNodeAtLocation(rule, ['models'])?.children ?? []) {
      const name = String(value).replace(/^!/, '')
      if (isPlainName(name)) found.push({ name, offset })
    }
  }
  return found
}

/** The JSON schema that editors complete and check `prisma-audit.json` with. */
export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(policySchema, { io: 'input', target: 'draft-7' })
  return { ...schema, title: 'Prisma Audit policy', description: 'Which models must have which audit fields.' }
}

const columnName = z
  .string()
  .min(1, 'a column needs a name')
  .meta({ description: "The column's name in the database." })
const withIndex = z.boolean().default(true).meta({ description: 'Is the column indexed?' })
const withRelation = z.boolean().default(true).meta({
  description:
    'false keeps a plain column: no relation in the schema, so no list field on the user model and no foreign key.',
})
const keyType = z
  .string()
  .refine((text) => parseUserKeyType(text) !== null, `a user's key is of the type ${USER_KEY_TYPES}`)
  .optional()
  .transform((text) => (text === undefined ? null : parseUserKeyType(text)))
  .meta({
    description:
      `With "relation": false, where another service keeps the users and the schema has no user model: the type of a user's key, ` +
      `${USER_KEY_TYPES}.`,
  })
const onDelete = z.enum(['SetNull', 'Restrict', 'NoAction', 'Cascade', 'SetDefault']).default('SetNull').meta({
  description: 'What becomes of the row when the user is deleted.',
})

/** A relation has the type of what it refers to. */
function typeWithoutRelation({
  value,
  issues,
}: z.core.ParsePayload<{ readonly relation: boolean; readonly type: unknown }>): void {
  if (!value.relation || value.type === null) return
  const message = 'a relation has the type of the user\'s key: "type" is for "relation": false'
  issues.push({ code: 'custom', message, path: ['type'], input: value.type })
}

const updatedAt = z
  .strictObject({
    column: columnName.default('updatedAt'),
    trigger: z
      .union([z.boolean(), z.enum(['replace', 'keep'])])
      .default(true)
      .meta({
        description:
          'Does a trigger keep the column true for writes that go past Prisma? Where another trigger keeps it already and ' +
          'writes local time, "replace" disables that one and makes ours, "keep" leaves it as it is.',
      }),
    index: withIndex,
  })
  .meta({ description: 'When a row last changed.' })

const updatedBy = z
  .strictObject({
    column: columnName.default('updatedBy'),
    index: withIndex,
    relation: withRelation,
    type: keyType,
    onDelete,
  })
  .check(typeWithoutRelation)
  .meta({ description: 'Which user changed a row last.' })

const populate = z
  .union([z.enum(['first-user', 'none']), z.strictObject({ sql: z.string().min(1, 'the SQL expression is empty') })])
  .default('first-user')
  .meta({ description: 'How rows that stand already get their owner; sql is a scalar expression or a sub-select.' })

const ownerId = z
  .strictObject({
    column: columnName.default('ownerId'),
    index: withIndex,
    relation: withRelation,
    type: keyType,
    required: z.boolean().default(false).meta({ description: 'Is the column NOT NULL once it is populated?' }),
    populate,
    onDelete,
  })
  .check(typeWithoutRelation)
  .meta({ description: 'Which user owns a row.' })

const auditField = z.enum(['updatedAt', 'updatedBy', 'ownerId'])

const modelPattern = z
  .string()
  .min(1, 'a model needs a name')
  .max(300, 'a pattern has 300 characters at most')
  .refine((pattern) => !/[()|]/.test(pattern), 'a pattern knows * ? [a-z] and {A,B}, no ( ) |')
  .refine((pattern) => compileModelGlob(pattern) !== null, 'the braces stand for more than 100 names')

const rule = z.strictObject({
  models: z
    .array(modelPattern)
    .min(1, 'name at least one model')
    .max(1000, 'a rule has 1000 patterns at most')
    .meta({ description: 'Names of models, or patterns with * ? [a-z] {A,B}; ! in front excludes.' }),
  require: z
    .array(auditField)
    .min(1, 'require at least one audit field')
    .meta({ description: 'The audit fields that these models must have.' }),
})

const policySchema = z.strictObject({
  $schema: z.string().optional(),
  userModel: z.string().min(1, 'the user model needs a name').default('User').meta({
    description: 'The model of the users that updatedBy and ownerId refer to.',
  }),
  rules: z.array(rule).max(1000, 'a policy has 1000 rules at most').default([]),
  fields: z
    .strictObject({
      updatedAt: updatedAt.prefault({}),
      updatedBy: updatedBy.prefault({}),
      ownerId: ownerId.prefault({}),
    })
    .prefault({}),
})

function describeSyntaxError(error: ParseError | undefined): PolicyProblem {
  // `ValueExpected` reads `value expected`.
  const what =
    error === undefined
      ? 'it is empty'
      : printParseErrorCode(error.error)
          .replace(/\B[A-Z]/g, (letter) => ` ${letter}`)
          .toLowerCase()
  return { message: `The policy is not JSON: ${what}.`, path: [], offset: error?.offset ?? 0 }
}

/** One problem for each unknown key, since an editor marks keys one by one. */
function describeIssue(issue: z.core.$ZodIssue, tree: Node): PolicyProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code !== 'unrecognized_keys') {
    return [{ message: `${describePath(path)}: ${issue.message}.`, path, offset: offsetOf(path, tree) }]
  }
  return issue.keys.slice(0, MOST_PROBLEMS).map((key) => {
    // The node of a property's value; its parent begins at the key.
    const offset = findNodeAtLocation(tree, [...path, key])?.parent?.offset ?? tree.offset
    return { message: `Unknown key "${key}"${inside(path)}.`, path: [...path, key], offset }
  })
}

function offsetOf(path: readonly (string | number)[], tree: Node): number {
  return findNodeAtLocation(tree, [...path])?.offset ?? tree.offset
}

function inside(path: readonly (string | number)[]): string {
  return path.length === 0 ? '' : ` in ${describePath(path)}`
}

/** `rules[0].require`. */
function describePath(path: readonly (string | number)[]): string {
  if (path.length === 0) return 'The policy'
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}
