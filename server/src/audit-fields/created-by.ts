import type { UserKind } from './kind'
import { typeWithoutRelation, userDefaults, userSettings } from './settings'

/** Which user created a row. It is unknown for existing rows: they keep NULL. */
export const createdBy = {
  name: 'createdBy',
  code: 'missing-created-by',
  meaning: 'which user created it',
  shape: 'user',
  defaults: userDefaults('createdBy'),
  validation: (z) =>
    z
      .strictObject(userSettings(z, 'createdBy'))
      .check(typeWithoutRelation)
      .meta({ description: 'Which user created a row.' }),
  schemaNames: ['createdById', 'createdBy', 'created_by_id', 'created_by'],
  databaseNames: ['createdById'],
  relationNames: ['createdBy', 'created_by'],
  alwaysNamesRelation: true,
  isForUsers: true,
  shownAs: 'user',
  actor: 'new rows',
  newNames: ({ model, lowerPlural, upperPlural }, hasRelation) => ({
    scalars: [...(hasRelation ? [] : ['createdBy']), 'createdById', 'createdByUserId', 'firstCreatedById'],
    relations: ['createdBy', 'createdByUser', 'firstCreatedBy'],
    lists: [`created${upperPlural}`, `firstCreated${upperPlural}`, `${lowerPlural}Created`],
    relationNames: [`${model}CreatedBy`, `${model}CreatedByUser`, `${model}FirstCreatedBy`],
  }),
  namesInCode: null,
  commonNames: ['creatorid', 'creator', 'authorid', 'author', 'insertedby', 'insertedbyid', 'addedby', 'addedbyid'],
  isSuggested: false,
} as const satisfies UserKind
