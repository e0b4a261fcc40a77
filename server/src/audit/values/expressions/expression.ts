/** A SQL expression, as it is written but for the brackets, which only say what belongs together. */
export type Expression =
  | { readonly kind: 'string' | 'number'; readonly text: string }
  /** A column, without the table in front of it. */
  | { readonly kind: 'column'; readonly name: string }
  /** `true`, `null`, `current_timestamp` … */
  | { readonly kind: 'word'; readonly text: string }
  /** Functions and operators alike: `lower`, `=`, `and`, `is not null`, `in`, `array`, `any`. */
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  /** `written` is the whole cast but for its operand. */
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: string; readonly written: string }
