import { lowerPlural, upperPlural } from '../../schema/edits/names'
import { snakeCase } from '../../schema/edits/naming-convention'

/** The names for one reference to the user, each list best first, the others for when that one is taken. */
export interface ReferenceNames {
  readonly scalars: readonly string[]
  readonly relations: readonly string[]
  /** On the user's side. */
  readonly lists: readonly string[]
  readonly relationNames: readonly string[]
}

/** `hasSnakeCase`: of the model's own fields, and of the user's, which gets the list. */
export function referenceNames(
  field: 'updatedBy' | 'ownerId',
  model: string,
  hasRelation: boolean,
  hasSnakeCase: { readonly model: boolean; readonly user: boolean },
): ReferenceNames {
  const names = camelCaseNames(field, model, hasRelation)
  const inModel = hasSnakeCase.model ? snakeCase : asIs
  const inUser = hasSnakeCase.user ? snakeCase : asIs
  return {
    scalars: names.scalars.map(inModel),
    relations: names.relations.map(inModel),
    lists: names.lists.map(inUser),
    relationNames: names.relationNames.map(inModel),
  }
}

function asIs(name: string): string {
  return name
}

function camelCaseNames(field: 'updatedBy' | 'ownerId', model: string, hasRelation: boolean): ReferenceNames {
  if (field === 'ownerId') {
    return {
      scalars: ['ownerId', 'ownerUserId', 'owningUserId'],
      relations: ['owner', 'ownerUser', 'owningUser'],
      lists: [lowerPlural(model), `owned${upperPlural(model)}`, `${lowerPlural(model)}Owned`],
      relationNames: [`${model}Owner`, `${model}OwnerUser`, `${model}OwningUser`],
    }
  }
  return {
    scalars: [...(hasRelation ? [] : ['updatedBy']), 'updatedById', 'updatedByUserId', 'lastUpdatedById'],
    relations: ['updatedBy', 'updatedByUser', 'lastUpdatedBy'],
    lists: [`updated${upperPlural(model)}`, `lastUpdated${upperPlural(model)}`, `${lowerPlural(model)}Updated`],
    relationNames: [`${model}UpdatedBy`, `${model}UpdatedByUser`, `${model}LastUpdatedBy`],
  }
}
