import type { PolicyAdviceAnswer, PolicyChoiceValue } from '../../../protocol/src/index'

/** What has been chosen so far; the steps come one after another, and each can be gone back to. */
export interface PolicyDraft {
  /** Undefined before it was asked for; null where no model holds the users. */
  readonly userModel: string | null | undefined
  readonly fields: readonly string[]
  /** By field; left out before it was asked for. */
  readonly models: Readonly<Record<string, readonly string[]>>
}

export const EMPTY_DRAFT: PolicyDraft = { userModel: undefined, fields: [], models: {} }

/** The fields that the models are likely to want, where nothing was chosen yet. */
export function suggestedFields(advice: PolicyAdviceAnswer): string[] {
  return offeredFields(advice, null).filter((field) => advice.models.some(({ suggested }) => suggested.includes(field)))
}

/** Without users, no field can refer to one. */
export function offeredFields(advice: PolicyAdviceAnswer, userModel: string | null): string[] {
  const hasUsers = userModel !== null || advice.userModels.length > 0
  return advice.fields.filter(({ refersToUsers }) => !refersToUsers || hasUsers).map(({ name }) => name)
}

/** The models that a field is proposed for, or that have it already, so that the policy keeps it there. */
export function suggestedModels(advice: PolicyAdviceAnswer, field: string): string[] {
  return advice.models
    .filter(({ suggested, present }) => suggested.includes(field) || present.includes(field))
    .map(({ name }) => name)
}

/** The draft as a choice, with the suggestions where nothing was said yet: what the count is of. */
export function choiceOfDraft(advice: PolicyAdviceAnswer, draft: PolicyDraft): PolicyChoiceValue {
  const fields = draft.fields.map((field) => [field, draft.models[field] ?? suggestedModels(advice, field)] as const)
  return { userModel: draft.userModel ?? null, fields: Object.fromEntries(fields) }
}
