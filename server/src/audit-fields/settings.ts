import type * as Zod from 'zod'
import { inPlainEnglish, phrase, phraseText } from '../text/phrase'
import { parseUserKeyType, USER_KEY_TYPES } from './user-key-type'

/** The settings of every reference to the user. Only a plain column may have a type: see `typeWithoutRelation`. */
export function userSettings(z: typeof Zod, column: string) {
  return {
    column: columnSetting(z, column),
    aliases: aliasesSetting(z),
    index: indexSetting(z),
    relation: relationSetting(z),
    type: keyTypeSetting(z),
    onDelete: onDeleteSetting(z),
  }
}

/** The defaults. */
export function userDefaults(column: string) {
  return { column, aliases: [], index: true, relation: true, type: null, onDelete: 'SetNull' } as const
}

/** The settings of every moment. */
export function timestampSettings(z: typeof Zod, column: string) {
  return { column: columnSetting(z, column), aliases: aliasesSetting(z), index: indexSetting(z) }
}

function columnSetting(z: typeof Zod, name: string) {
  return z
    .string()
    .min(1, phraseText('a column needs a name'))
    .default(name)
    .meta({ description: "The column's name in the database." })
}

function aliasesSetting(z: typeof Zod) {
  return z
    .array(
      z.string().min(1, phraseText('an alias needs a name')).max(300, phraseText('a name has at most 300 characters')),
    )
    .max(100, phraseText('a field has at most 100 aliases'))
    .default([])
    .meta({ description: 'Other names: a field or column with one of them counts as this field.' })
}

function indexSetting(z: typeof Zod) {
  return z.boolean().default(true).meta({ description: 'Whether to index the column.' })
}

function relationSetting(z: typeof Zod) {
  return z.boolean().default(true).meta({
    description:
      'If false, the column stays plain: no relation in the schema, so no list field on the user model and no foreign key.',
  })
}

const KEY_TYPES = phrase`the type of a user key is ${USER_KEY_TYPES}`

function keyTypeSetting(z: typeof Zod) {
  return z
    .string()
    .refine((text) => parseUserKeyType(text) !== null, {
      error: inPlainEnglish(KEY_TYPES),
      params: { phrase: KEY_TYPES },
    })
    .optional()
    .transform((text) => (text === undefined ? null : parseUserKeyType(text)))
    .meta({
      description:
        `With "relation": false, if the schema has no user model because the users are in another service: the type of a user key, ` +
        `${USER_KEY_TYPES}.`,
    })
}

/** A relation has the type of the key that it references. */
export function typeWithoutRelation({
  value,
  issues,
}: Zod.core.ParsePayload<{ readonly relation: boolean; readonly type: unknown }>): void {
  if (!value.relation || value.type === null) return
  const message = phraseText('"type" needs "relation": false: a relation uses the type of the user key')
  issues.push({ code: 'custom', message, path: ['type'], input: value.type })
}

function onDeleteSetting(z: typeof Zod) {
  return z.enum(['SetNull', 'Restrict', 'NoAction', 'Cascade', 'SetDefault']).default('SetNull').meta({
    description: 'What happens to the row when the user is deleted (ON DELETE).',
  })
}

export function requiredSetting(z: typeof Zod) {
  return z.boolean().default(false).meta({ description: 'Whether to set the column NOT NULL once it is filled.' })
}

/** `{ "sql": "…" }`, under `populate`. */
export function sqlSetting(z: typeof Zod) {
  return z.strictObject({ sql: z.string().min(1, phraseText('the SQL expression is empty')) })
}
