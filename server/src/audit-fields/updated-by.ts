import type { UserKind } from './kind'
import {
  aliasesSetting,
  columnSetting,
  indexSetting,
  onDeleteSetting,
  relationSetting,
  keyTypeSetting,
  typeWithoutRelation,
} from './settings'

/** Which user changed a row last. Nobody knows it of the past, so rows that stand already keep NULL. */
export const updatedBy = {
  name: 'updatedBy',
  code: 'missing-updated-by',
  meaning: 'which user changed it',
  shape: 'user',
  defaults: { column: 'updatedBy', aliases: [], index: true, relation: true, type: null, onDelete: 'SetNull' },
  validation: (z) =>
    z
      .strictObject({
        column: columnSetting(z, 'updatedBy'),
        aliases: aliasesSetting(z),
        index: indexSetting(z),
        relation: relationSetting(z),
        type: keyTypeSetting(z),
        onDelete: onDeleteSetting(z),
      })
      .check(typeWithoutRelation)
      .meta({ description: 'Which user changed a row last.' }),
  schemaNames: ['updatedById', 'updatedBy', 'updated_by_id', 'updated_by'],
  databaseNames: ['updatedById'],
  relationNames: ['updatedBy', 'updated_by'],
  alwaysNamesRelation: true,
  isForUsers: true,
  shownAs: 'user',
  newNames: ({ model, lowerPlural, upperPlural }, hasRelation) => ({
    scalars: [...(hasRelation ? [] : ['updatedBy']), 'updatedById', 'updatedByUserId', 'lastUpdatedById'],
    relations: ['updatedBy', 'updatedByUser', 'lastUpdatedBy'],
    lists: [`updated${upperPlural}`, `lastUpdated${upperPlural}`, `${lowerPlural}Updated`],
    relationNames: [`${model}UpdatedBy`, `${model}UpdatedByUser`, `${model}LastUpdatedBy`],
  }),
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
