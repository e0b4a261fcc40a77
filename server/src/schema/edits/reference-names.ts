import { lowerPlural, upperPlural } from './names'

/** The names for one reference to the user, each list best first, the others for when that one is taken. */
export interface ReferenceNames {
  readonly scalars: readonly string[]
  readonly relations: readonly string[]
  /** On the user's side. */
  readonly lists: readonly string[]
  readonly relationNames: readonly string[]
}

export function referenceNames(field: 'updatedBy' | 'ownerId', model: string, hasRelation: boolean): ReferenceNames {
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
