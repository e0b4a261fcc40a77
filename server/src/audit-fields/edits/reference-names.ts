import { lowerPlural, upperPlural } from '../../schema/edits/names'
import type { ReferenceNames } from '../kind'
import { userKind, type UserField } from '../kinds'
import { snakeCase } from '../../schema/edits/naming-convention'

/** `hasSnakeCase`: of the model's own fields, and of those of the user, which gets the list. */
export function referenceNames(
  field: UserField,
  model: string,
  hasRelation: boolean,
  hasSnakeCase: { readonly model: boolean; readonly user: boolean },
): ReferenceNames {
  const names = userKind(field).newNames(
    { model, lowerPlural: lowerPlural(model), upperPlural: upperPlural(model) },
    hasRelation,
  )
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
