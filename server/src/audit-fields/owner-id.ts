import type { Populate, UserKind, UserPolicy } from './kind'
import { requiredSetting, sqlSetting, typeWithoutRelation, userDefaults, userSettings } from './settings'

/** Which user owns a row. Existing rows get the owner that `populate` in the policy defines. */
export const ownerId = {
  name: 'ownerId',
  code: 'missing-owner-id',
  meaning: 'which user owns it',
  shape: 'user',
  defaults: { ...userDefaults('ownerId'), required: false, populate: 'first-user' },
  validation: (z) =>
    z
      .strictObject({
        ...userSettings(z, 'ownerId'),
        required: requiredSetting(z),
        populate: z
          .union([z.enum(['first-user', 'none']), sqlSetting(z)])
          .default('first-user')
          .meta({
            description:
              'How to fill existing rows: "first-user" uses the user in another column of the row (userId, authorId …), otherwise ' +
              'the first user; "sql" is a scalar expression or a subquery.',
          }),
      })
      .check(typeWithoutRelation)
      .meta({ description: 'Which user owns a row.' }),
  schemaNames: ['ownerId', 'owner_id'],
  databaseNames: [],
  relationNames: ['owner'],
  alwaysNamesRelation: false,
  isForUsers: false,
  shownAs: 'key',
  actor: 'new rows, by choice',
  newNames: ({ model, lowerPlural, upperPlural }) => ({
    scalars: ['ownerId', 'ownerUserId', 'owningUserId'],
    relations: ['owner', 'ownerUser', 'owningUser'],
    lists: [lowerPlural, `owned${upperPlural}`, `${lowerPlural}Owned`],
    relationNames: [`${model}Owner`, `${model}OwnerUser`, `${model}OwningUser`],
  }),
  namesInCode: null,
  commonNames: ['userid', 'accountid', 'memberid', 'personid', 'ownedby', 'ownedbyid', 'owneruserid'],
  isSuggested: true,
} as const satisfies UserKind<OwnerPolicy>

export interface OwnerPolicy extends UserPolicy {
  readonly required: boolean
  readonly populate: Populate
}
