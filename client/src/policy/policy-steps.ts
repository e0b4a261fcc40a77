import type { PolicyAdviceAnswer, PolicyChoiceValue } from '../../../protocol/src/index'

/** The choices so far; the steps are in sequence, and each can be revisited. */
export interface PolicyDraft {
  /** Undefined before it was asked; null if no model holds the users. */
  readonly userModel: string | null | undefined
  readonly fields: readonly string[]
  /** By field; omitted before it was asked. */
  readonly models: Readonly<Record<string, readonly string[]>>
}

export const EMPTY_DRAFT: PolicyDraft = { userModel: undefined, fields: [], models: {} }

/** The fields that the models likely need, if nothing was chosen yet. */
export function suggestedFields(advice: PolicyAdviceAnswer): string[] {
  return offeredFields(advice, null).filter((field) => advice.models.some(({ suggested }) => suggested.includes(field)))
}

/** Without users, no field can reference one. */
export function offeredFields(advice: PolicyAdviceAnswer, userModel: string | null): string[] {
  const hasUsers = userModel !== null || advice.userModels.length > 0
  return advice.fields.filter(({ refersToUsers }) => !refersToUsers || hasUsers).map(({ name }) => name)
}

/** The models that a field is suggested for, or that already have it. */
export function suggestedModels(advice: PolicyAdviceAnswer, field: string): string[] {
  return advice.models
    .filter(({ suggested, present }) => suggested.includes(field) || present.includes(field))
    .map(({ name }) => name)
}

/** The draft as a choice, with suggestions for everything not yet chosen: the input of the count. */
export function choiceOfDraft(advice: PolicyAdviceAnswer, draft: PolicyDraft): PolicyChoiceValue {
  const fields = draft.fields.map((field) => [field, draft.models[field] ?? suggestedModels(advice, field)] as const)
  return { userModel: draft.userModel ?? null, fields: Object.fromEntries(fields) }
}
