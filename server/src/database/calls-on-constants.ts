/**
 * The functions (by OID) that an expression calls without reading a column in their arguments, and all that it calls.
 * PostgreSQL evaluates the former while it plans a query, if they are immutable. The text is one of a `pg_node_tree`:
 * `{FUNCEXPR :funcid 16385 …}`.
 */
export function callsOf(tree: string): {
  readonly all: ReadonlySet<string>
  readonly onConstants: ReadonlySet<string>
} {
  const all = new Set<string>()
  const onConstants = new Set<string>()
  const open: Node[] = []
  for (const [token, brace, call] of tree.matchAll(TOKENS)) {
    if (token.startsWith('\\')) continue
    if (brace === '}') {
      const node = open.pop()
      if (node === undefined) continue
      const outer = open.at(-1)
      if (outer !== undefined && node.readsColumn) outer.readsColumn = true
      if (!node.readsColumn) for (const oid of node.calls) onConstants.add(oid)
    } else if (brace !== undefined) {
      open.push({ readsColumn: brace === '{VAR ', calls: [] })
    } else if (call !== undefined) {
      all.add(call)
      open.at(-1)?.calls.push(call)
    }
  }
  return { all, onConstants }
}

interface Node {
  readsColumn: boolean
  readonly calls: string[]
}

/** An escaped character, a brace (with what tells a column), or the function of a call or an operator. */
const TOKENS = /\\.|(\{(?:VAR )?|\})|:(?:func|opfunc)id (\d+)/gs
