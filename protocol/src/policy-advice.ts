import { RequestType } from './message-types'

/** The user's choices for a policy: the models that must have each audit field. */
export interface PolicyChoiceValue {
  /** Null if no model holds the users. */
  readonly userModel: string | null
  readonly fields: Readonly<Record<string, readonly string[]>>
}

export interface PolicyAdviceAnswer {
  /** URI of the policy, if there is one, so that none can be created. */
  readonly existing: string | null
  readonly fields: readonly { readonly name: string; readonly meaning: string; readonly refersToUsers: boolean }[]
  /** The likeliest first. */
  readonly userModels: readonly { readonly name: string; readonly isLikely: boolean }[]
  readonly models: readonly {
    readonly name: string
    /** Its likely role, in words; empty if there is nothing to say. */
    readonly looksLike: string
    readonly present: readonly string[]
    readonly suggested: readonly string[]
  }[]
  /** The number of warnings that the choice would cause now; null without a choice. */
  readonly warnings: number | null
}

/** Client → server: returns the likely roles of the models, for a new policy, and the effect of a choice. */
export const PolicyAdviceRequest = new RequestType<
  { readonly documentUri: string | null; readonly choice: PolicyChoiceValue | null },
  PolicyAdviceAnswer,
  void
>('prismaAudit/policyAdvice')
