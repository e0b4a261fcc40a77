import { cutName } from '../database/quote'
import type { TimestampKind, TimestampPolicy } from './kind'
import { sqlSetting, timestampSettings } from './settings'

/** When a row last changed: a timestamp that Prisma Client writes, and a trigger for writes that bypass it. */
export const updatedAt = {
  name: 'updatedAt',
  code: 'missing-updated-at',
  meaning: 'when a row last changed',
  shape: 'timestamp',
  defaults: { column: 'updatedAt', aliases: [], trigger: true, index: true, populate: 'now' },
  validation: (z) =>
    z
      .strictObject({
        ...timestampSettings(z, 'updatedAt'),
        trigger: z
          .union([z.boolean(), z.enum(['replace', 'keep'])])
          .default(true)
          .meta({
            description:
              'Whether a trigger maintains the column, for writes that bypass Prisma. If an existing trigger maintains it but ' +
              'writes local time, "replace" disables that trigger and creates ours, "keep" leaves it unchanged.',
          }),
        populate: z
          .union([z.enum(['now', 'createdAt']), sqlSetting(z)])
          .default('now')
          .meta({
            description:
              'The time for existing rows: "now" is the time of the migration, "createdAt" the time when the row was created; "sql" is ' +
              'a scalar expression over the row.',
          }),
      })
      .meta({ description: 'When a row last changed.' }),
  mark: 'updatedAt',
  attributes: '@updatedAt',
  columnDefault: null,
  oldRows: 'the time of the migration',
  triggerName: (table) => cutName(`update_${table.toLowerCase()}_updated_at`),
  newNames: ['updatedAt', 'lastUpdatedAt', 'rowUpdatedAt'],
  schemaNames: ['updatedAt', 'updated_at'],
  databaseNames: [],
  namesInCode: /^(?:last_?)?(?:updated|modified|changed|edited)(?:_?(?:at|on|date|time))?$/i,
  commonNames: [
    'modifiedat',
    'modified',
    'modifiedon',
    'lastmodified',
    'lastmodifiedat',
    'datemodified',
    'lastupdated',
    'lastupdatedat',
    'updatedon',
    'dateupdated',
    'changedat',
    'lastchangedat',
    'editedat',
  ],
  isSuggested: true,
} as const satisfies TimestampKind<UpdatedAtPolicy>

export interface UpdatedAtPolicy extends TimestampPolicy {
  readonly populate: Exclude<NonNullable<TimestampPolicy['populate']>, 'none'>
  readonly trigger: boolean | 'replace' | 'keep'
}
