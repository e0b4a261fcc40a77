/** Two expressions to compare, for a value of one type. */
export interface ExpressionPair {
  /** As printed by `format_type`, for built-in types only; null: the expressions unchanged. */
  readonly type: string | null
  readonly expressions: readonly [string, string]
}

/** PostgreSQL's form of both; null if PostgreSQL was not asked, or returned none. */
export type ExpressionSpelling = readonly [string, string] | null

/** By `expressionPairKey`; missing pairs were not asked yet. */
export type ExpressionSpellings = Readonly<Record<string, ExpressionSpelling>>

export function expressionPairKey({ type, expressions }: ExpressionPair): string {
  return JSON.stringify([type, ...expressions])
}
