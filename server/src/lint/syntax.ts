import type { ColumnDef, Constraint, Node, RangeVar } from 'libpg-query'
import { quoteIdentifier } from '../database/quote'
import type { Span } from './span'
import type { AlterAction, Statement, TableName } from './script'
import type { Token } from '../text/sql-tokens'

export function tableName(relation: RangeVar | undefined): TableName {
  return { schema: relation?.schemaname ?? null, name: relation?.relname ?? '' }
}

/** `"User"`, with its schema if the statement names it. */
export function shown({ schema, name }: TableName): string {
  return schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** The texts of a list of names: `[{ String: { sval: 'pg_catalog' } }, …]`. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []))
}

/** The actions of an `ALTER TABLE`; none for any other statement. */
export function alterActions(statement: Statement): readonly AlterAction[] {
  return statement.actions
}

/** Computes them, once per statement. */
export function findActions(statement: Omit<Statement, 'actions'>): AlterAction[] {
  const { node } = statement
  if (node === null || !('AlterTableStmt' in node) || node.AlterTableStmt.objtype !== 'OBJECT_TABLE') return []
  const { relation, cmds = [] } = node.AlterTableStmt
  const commands = cmds.flatMap((command) => ('AlterTableCmd' in command ? [command.AlterTableCmd] : []))
  const spans = actionSpans(statement, offsetOf(statement, relation?.location))
  return commands.map((command, index) => ({
    table: tableName(relation),
    command,
    span: (spans.length === commands.length ? spans[index] : undefined) ?? spanOf(statement),
    alone: commands.length === 1,
  }))
}

/** The parser sets no location for actions: they are the parts between commas outside parentheses. */
function actionSpans({ tokens }: Pick<Statement, 'tokens'>, tableStart: number | null): Span[] {
  const tableIndex = tokens.findIndex((token) => token.start === tableStart)
  if (tableIndex === -1) return []
  let first = tableIndex + 1
  while (tokens[first]?.text === '.') first += 2
  if (tokens[first]?.text === '*') first++
  const spans: { start: number; end: number }[] = []
  let depth = 0
  let open: Token | null = null
  let last: Token | null = null
  for (const token of tokens.slice(first)) {
    if ('(['.includes(token.text)) depth++
    if (')]'.includes(token.text)) depth--
    if (token.text === ',' && depth === 0) {
      if (open !== null && last !== null) spans.push({ start: open.start, end: last.end })
      open = null
    } else {
      open ??= token
      last = token
    }
  }
  if (open !== null && last !== null) spans.push({ start: open.start, end: last.end })
  return spans
}

/** The columns that a statement adds to a table: those of `CREATE TABLE` and of each `ADD COLUMN`. */
export function writtenColumns(
  statement: Statement,
): { readonly table: TableName; readonly column: ColumnDef; readonly isCreate: boolean }[] {
  const { node } = statement
  if (node !== null && 'CreateStmt' in node) {
    const table = tableName(node.CreateStmt.relation)
    return (node.CreateStmt.tableElts ?? []).flatMap((element) =>
      'ColumnDef' in element ? [{ table, column: element.ColumnDef, isCreate: true }] : [],
    )
  }
  return alterActions(statement).flatMap(({ table, command }) =>
    command.subtype === 'AT_AddColumn' && command.def !== undefined && 'ColumnDef' in command.def
      ? [{ table, column: command.def.ColumnDef, isCreate: false }]
      : [],
  )
}

export function constraintsOf(column: ColumnDef): Constraint[] {
  return constraintNodes(column.constraints)
}

export function constraintNodes(nodes: readonly Node[] | undefined): Constraint[] {
  return (nodes ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []))
}

/** The constraint of an `ADD CONSTRAINT`; null for any other action. */
export function addedConstraint({ command }: AlterAction): Constraint | null {
  if (command.subtype !== 'AT_AddConstraint' || command.def === undefined) return null
  return 'Constraint' in command.def ? command.def.Constraint : null
}

export function spanOf({ start, end }: Span): Span {
  return { start, end }
}

/** The first line of a span, to underline if the whole span would be too much. */
export function firstLine(text: string, { start, end }: Span): Span {
  const line = text.slice(start, end).search(/[\r\n]/)
  return { start, end: line === -1 ? end : start + line }
}

/** The offset in the script of a location in the statement's node; null if unknown. */
export function offsetOf(
  { source, sourceStart }: Pick<Statement, 'source' | 'sourceStart'>,
  location: number | undefined,
): number | null {
  if (location === undefined || location < 0 || sourceStart === null) return null
  return sourceStart + unitsOf(source, location)
}

/** The number of UTF-16 code units of this many bytes of UTF-8. */
function unitsOf(text: string, bytes: number): number {
  let counted = 0
  let units = 0
  while (counted < bytes && units < text.length) {
    const code = text.codePointAt(units) ?? 0
    counted += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    units += code < 0x10000 ? 1 : 2
  }
  return units
}

/** The token at a location in the node. */
export function tokenAt(statement: Statement, location: number | undefined): Token | null {
  const offset = offsetOf(statement, location)
  return statement.tokens.find((token) => token.start === offset) ?? null
}

/** A name and the parentheses after it: a function call, from its name to its closing parenthesis. */
export function callSpan(statement: Statement, location: number | undefined): Span | null {
  const { tokens } = statement
  const offset = offsetOf(statement, location)
  const first = tokens.findIndex((token) => token.start === offset)
  const name = tokens[first]
  if (name === undefined) return null
  let depth = 0
  for (const token of tokens.slice(first)) {
    if (token.text === '(') depth++
    if (token.text === ')' && --depth === 0) return { start: name.start, end: token.end }
  }
  return null
}

/**
 * Every node of a value, including itself, with the name of its kind, in text order. Without recursion, because
 * PostgreSQL's parser accepts deeper SQL than our stack.
 */
export function* nodesNamed<Kind extends NodeKind>(value: unknown, kind: Kind): Generator<NodeOf<Kind>> {
  if (typeof value !== 'object') return
  const open: (object | null)[] = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === null) continue
    // A key with a capital first letter is the kind of its node.
    if (kind in next) yield (next as Record<Kind, NodeOf<Kind>>)[kind]
    const inner: unknown[] = Object.values(next)
    for (const each of inner.reverse()) if (typeof each === 'object') open.push(each)
  }
}

/** The statements of a kind that a statement runs: itself, and those in WITH. */
export function dataChanges<Kind extends 'DeleteStmt' | 'UpdateStmt' | 'MergeStmt'>(
  node: Node | null,
  kind: Kind,
): NodeOf<Kind>[] {
  const runs = node !== null && RUN_AT_ONCE.some((each) => each in node)
  return runs ? [...nodesNamed(node, kind)] : []
}

/** Others, such as CREATE FUNCTION and CREATE RULE, only store their statements. */
const RUN_AT_ONCE = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']

type KindsOf<Union> = Union extends unknown ? keyof Union : never
type NodeKind = KindsOf<Node>
type NodeOf<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>>[Kind]
