import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser'
// As a namespace, so that the bundle contains only what is used.
import * as z from 'zod'
import { SAID_ENVIRONMENTS } from '../database/environments'
import { AUDIT_FIELD_KINDS, AUDIT_FIELDS, type FieldPolicies } from './kinds'
import { applicationSettings } from './application-policy'
import { compileModelGlob, isPlainName, LONGEST } from './model-glob'
import { DEFAULT_POLICY, type Policy } from './policy'
import { NOT_OURS, problemsOfIssue, syntaxProblem, tooDeepProblem, type PolicyProblem } from './policy-problems'
import { phraseText } from '../text/phrase'

export interface ParsedPolicy {
  /** Null if there is any problem: part of a policy would require less than its author intended. */
  readonly policy: Policy | null
  readonly problems: readonly PolicyProblem[]
  /** The models that a valid policy names without a pattern, and their places in the text. */
  readonly names: readonly NamedModel[]
}

interface NamedModel {
  readonly name: string
  readonly offset: number
}

/** Parses the text of a `prisma-audit.json` into a validated policy with all defaults, or into all of its problems. */
export function parsePolicy(text: string): ParsedPolicy {
  if (nestsTooDeep(text)) return { policy: null, problems: [tooDeepProblem(DEEPEST)], names: [] }
  const errors: ParseError[] = []
  // JSON has no byte order mark, but Windows editors may write one.
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true, allowTrailingComma: false })
  const [syntaxError] = errors
  if (tree === undefined || syntaxError !== undefined) {
    return { policy: null, problems: [syntaxProblem(syntaxError)], names: [] }
  }
  const result = policySchema.safeParse(getNodeValue(tree), { error: () => NOT_OURS })
  if (!result.success) {
    const { issues } = result.error
    const problems = issues.slice(0, MOST_PROBLEMS).flatMap((issue) => problemsOfIssue(issue, { tree, keysAt }))
    return { policy: null, problems: problems.slice(0, MOST_PROBLEMS), names: [] }
  }
  const { userModel, rules, fields, actor, databases, application, backups } = result.data
  const policy = { userModel, rules, fields, actor, databases, application, backups }
  return { policy, problems: [], names: namedModels(policy, tree) }
}

/** The most problems that are reported. */
const MOST_PROBLEMS = 50

/** A policy needs five. */
const DEEPEST = 50

/** Parsers recurse into each level, and the policy may come from anyone's repository. */
function nestsTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > DEEPEST) return true
  }
  return false
}

/** In rules, and as the user model if it is explicit and something references it. */
function namedModels({ userModel, rules, fields }: Policy, tree: Node): NamedModel[] {
  const found: NamedModel[] = []
  const user = findNodeAtLocation(tree, ['userModel'])
  const isReferredTo = AUDIT_FIELD_KINDS.some(
    (kind) =>
      kind.shape === 'user' && fields[kind.name].relation && rules.some(({ require }) => require.includes(kind.name)),
  )
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

/** The JSON schema with which editors complete and validate `prisma-audit.json`. */
export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(policySchema, { io: 'input', target: 'draft-7' })
  return { ...schema, title: 'Prisma Audit policy', description: 'Which models must have which audit fields.' }
}

const modelPattern = z
  .string()
  .min(1, phraseText('a model needs a name'))
  .max(LONGEST, phraseText('a pattern has at most 300 characters'))
  .refine((pattern) => !/[()|]/.test(pattern), phraseText('a pattern supports * ? [a-z] and {A,B}, but not ( ) |'))
  .refine(
    (pattern) => pattern.length > LONGEST || compileModelGlob(pattern) !== null,
    phraseText('the braces expand to more than 100 names'),
  )

const rule = z.strictObject({
  models: z
    .array(modelPattern)
    .min(1, phraseText('name at least one model'))
    .max(1000, phraseText('a rule has at most 1,000 patterns'))
    .meta({ description: 'Names of models, or patterns with * ? [a-z] {A,B}; ! in front excludes.' }),
  require: z
    .array(z.enum(AUDIT_FIELDS))
    .min(1, phraseText('require at least one audit field'))
    .meta({ description: 'The audit fields that these models must have.' }),
})

const databasePattern = z
  .string()
  .min(1, phraseText('a pattern has at least one character'))
  .max(300, phraseText('a pattern has at most 300 characters'))
  .nullable()
  .default(null)

const database = z.strictObject({
  host: databasePattern.meta({ description: 'The host of the connection URL, or a pattern with *. Default: any.' }),
  port: z.int().min(1).max(65535).nullable().default(null).meta({ description: 'Default: any.' }),
  database: databasePattern.meta({ description: 'The name of the database, or a pattern with *. Default: any.' }),
  environment: z.enum(SAID_ENVIRONMENTS).nullable().default(null).meta({
    description: 'The environment of these databases. If several entries match a database, the strictest applies.',
  }),
  readOnly: z.boolean().default(false).meta({ description: 'If true, no command writes to these databases.' }),
})

const policySchema = z.strictObject({
  $schema: z.string().optional(),
  userModel: z
    .string()
    .min(1, phraseText('the user model needs a name'))
    .default(DEFAULT_POLICY.userModel)
    .meta({
      description: `The user model that ${new Intl.ListFormat('en-GB').format(
        AUDIT_FIELD_KINDS.filter(({ shape }) => shape === 'user').map(({ name }) => name),
      )} reference.`,
    }),
  rules: z
    .array(rule)
    .max(1000, phraseText('a policy has at most 1,000 rules'))
    .refine(
      (rules) => lengthOfPatterns(rules) <= 100_000,
      phraseText('all patterns together have at most 100,000 characters'),
    )
    .default([]),
  fields: z.strictObject(settingsOfKinds()).prefault({}),
  actor: z
    .strictObject({
      trigger: z.boolean().default(DEFAULT_POLICY.actor.trigger).meta({
        description:
          'Whether a trigger fills updatedBy, createdBy and ownerId from the transaction setting app.actor, for raw SQL and other clients.',
      }),
      ownerId: z
        .boolean()
        .default(DEFAULT_POLICY.actor.ownerId)
        .meta({ description: 'Whether the user who creates a row owns it.' }),
    })
    .prefault({})
    .meta({ description: 'How to fill the user fields with the current user.' }),
  databases: z.array(database).max(1000, phraseText('a policy has at most 1,000 databases')).default([]).meta({
    description:
      "The environments of the team's databases. For a remote database that is not listed, you are asked once.",
  }),
  application: applicationSettings(z).nullable().default(null),
  backups: z
    .strictObject({
      keep: z.int().min(1).max(10_000).nullable().default(DEFAULT_POLICY.backups.keep).meta({
        description:
          'How many backups of each database to keep: older ones are deleted after each backup. Default: all are kept.',
      }),
      scope: z.enum(['database', 'tables']).default(DEFAULT_POLICY.backups.scope).meta({
        description: 'What to back up before a migration: the whole database, or only the tables that it changes.',
      }),
      jobs: z.int().min(1).max(64).default(DEFAULT_POLICY.backups.jobs).meta({
        description:
          'How many tables pg_dump dumps at a time. With 2 or more the backup is a folder of files (directory format), which is faster for large databases. Default: 1, one file.',
      }),
    })
    .prefault({})
    .meta({ description: 'How to back up.' }),
})

/** Each is matched against every model: even with the largest schema, that takes only seconds. */
function lengthOfPatterns(rules: readonly { readonly models: readonly string[] }[]): number {
  return rules.reduce((sum, { models }) => models.reduce((length, { length: more }) => length + more, sum), 0)
}

type SettingsOfKinds = { [Each in keyof FieldPolicies]: z.ZodPrefault<z.ZodType<FieldPolicies[Each], object>> }

/** Each kind validates its own settings; all are optional. */
function settingsOfKinds(): SettingsOfKinds {
  const settings = AUDIT_FIELD_KINDS.map((kind) => [kind.name, kind.validation(z).prefault({})])
  return Object.fromEntries(settings) as SettingsOfKinds
}

/** The keys of the policy at a place, from its JSON schema. */
function keysAt(path: readonly (string | number)[]): string[] {
  let schema: JsonSchema | undefined = policyJsonSchema()
  for (const part of path) schema = typeof part === 'number' ? schema?.items : schema?.properties?.[part]
  return Object.keys(schema?.properties ?? {})
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
}
