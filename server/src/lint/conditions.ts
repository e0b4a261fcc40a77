import type { A_Const, Node } from 'libpg-query'
import { strings } from './syntax'

/** Whether a WHERE excludes no row: there is none, or it is `true`, `1 = 1`, `NOT false`, `true OR "x" > 1`. */
export function meetsEveryRow(where: Node | undefined): boolean {
  return where === undefined || truthOf(where, 0) === true
}

/**
 * Whether it leaves out at most rows in which a value is NULL: `"x" = "x"`, `"x" >= "x"`. With AND, each part does;
 * with OR, one.
 */
export function meetsEveryValue(where: Node | undefined, depth = 0): boolean {
  if (meetsEveryRow(where)) return true
  if (where === undefined || depth > DEEPEST) return false
  if ('BoolExpr' in where) {
    const { boolop, args = [] } = where.BoolExpr
    if (boolop === 'NOT_EXPR') return false
    const isMet = (part: Node) => meetsEveryValue(part, depth + 1)
    return boolop === 'OR_EXPR' ? args.some(isMet) : args.every(isMet)
  }
  if (!('A_Expr' in where)) return false
  const { kind, lexpr, rexpr, name } = where.A_Expr
  const compares = kind === 'AEXPR_OP' && ['=', '>=', '<='].includes(strings(name).at(-1) ?? '')
  if (!compares && kind !== 'AEXPR_NOT_DISTINCT') return false
  const [left, right] = [columnOf(lexpr), columnOf(rexpr)]
  return left !== null && left === right
}

/** `t."x"` is not taken for `"x"`: it may be another table's. */
function columnOf(node: Node | undefined): string | null {
  return node !== undefined && 'ColumnRef' in node ? JSON.stringify(strings(node.ColumnRef.fields)) : null
}

/** Null if it depends on the row, or is unknown. */
function truthOf(node: Node | undefined, depth: number): boolean | null {
  if (node === undefined || depth > DEEPEST) return null
  if ('A_Const' in node) {
    const { boolval, sval } = node.A_Const
    // The parser omits a false.
    if (boolval !== undefined) return boolval.boolval === true
    // WHERE 't' is a string without a type, which PostgreSQL reads as a boolean.
    return sval === undefined ? null : truthOfText(sval.sval ?? '')
  }
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast
    return strings(typeName?.names).at(-1) === 'bool' ? truthOf(arg, depth + 1) : null
  }
  if ('BoolExpr' in node)
    return truthOfBoolean(
      node.BoolExpr.boolop,
      (node.BoolExpr.args ?? []).map((part) => truthOf(part, depth + 1)),
    )
  if ('BooleanTest' in node) {
    const tested = truthOf(node.BooleanTest.arg, depth + 1)
    const wanted = TESTS.get(node.BooleanTest.booltesttype ?? '')
    return tested === null || wanted === undefined ? null : tested === wanted
  }
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return null
  const { lexpr, rexpr, name } = node.A_Expr
  const [left, right] = [constantOf(lexpr), constantOf(rexpr)]
  if (left === null || right === null || typeof left !== typeof right) return null
  return COMPARISONS.get(strings(name).at(-1) ?? '')?.(left === right) ?? null
}

function truthOfBoolean(operator: string | undefined, parts: readonly (boolean | null)[]): boolean | null {
  if (operator === 'NOT_EXPR') return parts[0] === undefined || parts[0] === null ? null : !parts[0]
  const deciding = operator === 'OR_EXPR'
  if (parts.includes(deciding)) return deciding
  return parts.includes(null) ? null : !deciding
}

/** PostgreSQL's boolin accepts any unique prefix. */
function truthOfText(text: string): boolean | null {
  const word = text.trim().toLowerCase()
  if (['t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1'].includes(word)) return true
  return ['f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0'].includes(word) ? false : null
}

function constantOf(node: Node | undefined): string | number | boolean | null {
  if (node === undefined || !('A_Const' in node)) return null
  const { ival, boolval, sval }: A_Const = node.A_Const
  if (ival !== undefined) return ival.ival ?? 0
  if (boolval !== undefined) return boolval.boolval === true
  return sval === undefined ? null : (sval.sval ?? '')
}

/** No one writes deeper ones, and the stack is limited. */
const DEEPEST = 100

const TESTS: ReadonlyMap<string, boolean> = new Map([
  ['IS_TRUE', true],
  ['IS_NOT_FALSE', true],
  ['IS_FALSE', false],
  ['IS_NOT_TRUE', false],
])

/** Only whether two constants are equal. */
const COMPARISONS = new Map<string, (areEqual: boolean) => boolean | null>([
  ['=', (areEqual) => areEqual],
  ['<>', (areEqual) => !areEqual],
  ['>=', (areEqual) => (areEqual ? true : null)],
  ['<=', (areEqual) => (areEqual ? true : null)],
])
