import type { UserKind } from './kind'
import { typeWithoutRelation, userDefaults, userSettings } from './settings'

/** Which user last changed a row. It is unknown for the past, so existing rows keep NULL. */
export const updatedBy = {
  name: 'updatedBy',
  code: 'missing-updated-by',
  meaning: 'which user changed it',
  shape: 'user',
  defaults: userDefaults('updatedBy'),
  validation: (z) =>
    z
      .strictObject(userSettings(z, 'updatedBy'))
      .check(typeWithoutRelation)
      .meta({ description: 'Which user last changed a row.' }),
  schemaNames: ['updatedById', 'updatedBy', 'updated_by_id', 'updated_by'],
  databaseNames: ['updatedById'],
  relationNames: ['updatedBy', 'updated_by'],
  alwaysNamesRelation: true,
  isForUsers: true,
  shownAs: 'user',
  actor: 'each change',
  newNames: ({ model, lowerPlural, upperPlural }, hasRelation) => ({
    scalars: [...(hasRelation ? [] : ['updatedBy']), 'updatedById', 'updatedByUserId', 'lastUpdatedById'],
    relations: ['updatedBy', 'updatedByUser', 'lastUpdatedBy'],
    lists: [`updated${upperPlural}`, `lastUpdated${upperPlural}`, `${lowerPlural}Updated`],
    relationNames: [`${model}UpdatedBy`, `${model}UpdatedByUser`, `${model}LastUpdatedBy`],
  }),
  namesInCode: /^(?:last_?)?(?:updated|modified|changed|edited)_?by(?:_?(?:user|id|name))*$/i,
  commonNames: [
    'modifiedby',
    'modifiedbyid',
    'modifierid',
    'lastmodifiedby',
    'lastmodifiedbyid',
    'lastupdatedbyid',
    'updaterid',
    'changedby',
    'changedbyid',
    'editedby',
    'editedbyid',
    'editorid',
  ],
  isSuggested: true,
} as const satisfies UserKind
