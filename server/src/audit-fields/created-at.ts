import type { TimestampKind, TimestampPolicy } from './kind'
import { requiredSetting, sqlSetting, timestampSettings } from './settings'

/** When a row was created, from the column's default. It is unknown for existing rows: they keep NULL. */
export const createdAt = {
  name: 'createdAt',
  code: 'missing-created-at',
  meaning: 'when it was created',
  shape: 'timestamp',
  defaults: { column: 'createdAt', aliases: [], index: true, required: false, populate: 'none' },
  validation: (z) =>
    z
      .strictObject({
        ...timestampSettings(z, 'createdAt'),
        required: requiredSetting(z),
        populate: z
          .union([z.enum(['none']), sqlSetting(z)])
          .default('none')
          .meta({
            description:
              'How to fill existing rows: "none" leaves them NULL; "sql" is a scalar expression or a subquery.',
          }),
      })
      .meta({ description: 'When a row was created.' }),
  mark: null,
  attributes: '@default(now())',
  columnDefault: 'CURRENT_TIMESTAMP',
  oldRows: 'as the policy says',
  triggerName: null,
  newNames: ['createdAt', 'rowCreatedAt', 'firstCreatedAt'],
  schemaNames: ['createdAt'],
  databaseNames: [],
  namesInCode: null,
  commonNames: [
    'createdat',
    'created',
    'createdon',
    'datecreated',
    'creationdate',
    'creationtime',
    'insertedat',
    'addedat',
  ],
  isSuggested: false,
} as const satisfies TimestampKind<CreatedAtPolicy>

export interface CreatedAtPolicy extends TimestampPolicy {
  readonly required: boolean
  readonly populate: 'none' | { readonly sql: string }
}

/** Names of fields and columns that say when a row was created. */
export const CREATED_AT = /^(created|inserted|registered|joined|signed_?up|signup)_?(at|on|date|time)?$/i
