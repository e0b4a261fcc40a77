/** An SQL expression as written, without parentheses. */
export type Expression =
  | { readonly kind: 'string' | 'number'; readonly text: string }
  /** A column, without its table. */
  | { readonly kind: 'column'; readonly name: string }
  /** `true`, `null`, `current_timestamp` … */
  | { readonly kind: 'word'; readonly text: string }
  /** Functions and operators alike: `lower`, `=`, `and`, `is not null`, `in`, `array`, `any`. */
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
  /** `written` is the complete cast without its operand. */
  | { readonly kind: 'cast'; readonly operand: Expression; readonly type: string; readonly written: string }
