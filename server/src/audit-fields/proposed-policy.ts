import { proposedSettings } from './chosen-policy'
import { modelsOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import { policyText } from './policy-text'
import { updatedAt } from './updated-at'
import { updatedBy } from './updated-by'

const USER_MODELS = ['User', 'Users', 'Account', 'Member', 'Person', 'user', 'users']

/** The text of a first policy for a schema: small, so that a team starts with what almost everyone wants. */
export function proposedPolicy(schema: SchemaModel): string {
  const models = modelsOf(schema).map(({ model }) => model.name.text)
  const userModel = USER_MODELS.find((name) => models.includes(name))
  const rules = [
    { models: ['*'], require: [updatedAt.name] },
    ...(userModel === undefined ? [] : [{ models: [userModel], require: [updatedBy.name] }]),
  ]
  const fields = proposedSettings(schema, userModel === undefined ? [updatedAt.name] : [updatedAt.name, updatedBy.name])
  const policy = { userModel: userModel ?? 'User', rules, fields }
  return policyText(policy)
}
