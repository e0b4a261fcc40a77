/** Two expressions of which it is to be known whether they mean the same, for a value of one type. */
export interface ExpressionPair {
  /** As `format_type` gives it, of PostgreSQL's own types only; null: the expressions as they are. */
  readonly type: string | null
  readonly expressions: readonly [string, string]
}

/** PostgreSQL's own spelling of both; null where PostgreSQL was not asked, or gave none. */
export type ExpressionSpelling = readonly [string, string] | null

/** By `expressionPairKey`; what is not there has not been asked yet. */
export type ExpressionSpellings = Readonly<Record<string, ExpressionSpelling>>

export function expressionPairKey({ type, expressions }: ExpressionPair): string {
  return JSON.stringify([type, ...expressions])
}
