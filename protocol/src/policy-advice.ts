import { RequestType } from 'vscode-languageserver-protocol'

/** What a person chose for a policy: the models that must have each audit field. */
export interface PolicyChoiceValue {
  /** Null where no model holds the users. */
  readonly userModel: string | null
  readonly fields: Readonly<Record<string, readonly string[]>>
}

export interface PolicyAdviceAnswer {
  /** Is there a policy, so that none can be created? */
  readonly exists: boolean
  readonly fields: readonly { readonly name: string; readonly meaning: string; readonly refersToUsers: boolean }[]
  /** The likeliest first. */
  readonly userModels: readonly { readonly name: string; readonly isLikely: boolean }[]
  readonly models: readonly {
    readonly name: string
    /** What it looks like, in words; empty where there is nothing to say. */
    readonly looksLike: string
    readonly present: readonly string[]
    readonly suggested: readonly string[]
  }[]
  /** How many warnings the choice would give now; null without one. */
  readonly warnings: number | null
}

/** Client → server: which models look like what, for a policy that is to be created; and what a choice would find. */
export const PolicyAdviceRequest = new RequestType<
  { readonly documentUri: string | null; readonly choice: PolicyChoiceValue | null },
  PolicyAdviceAnswer,
  void
>('prismaAudit/policyAdvice')
