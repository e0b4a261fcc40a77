import type { Table, Trigger, TriggerFunction } from '../database/model'
import type { DatabaseIndex } from './database-index'

/** The trigger's name in migrations: `update_user_updated_at`. */
export function updatedAtTriggerName(table: string): string {
  return `update_${table.toLowerCase()}_updated_at`
}

/** The triggers by which an UPDATE of a row sets the column, the disabled ones among them. */
export function triggersThatSet(table: Table, column: string, index: DatabaseIndex): Trigger[] {
  return table.triggers.filter((trigger) => {
    const isOnUpdate = trigger.timing === 'BEFORE' && trigger.level === 'ROW' && trigger.events.includes('UPDATE')
    if (!isOnUpdate) return false
    if (trigger.functionName === 'moddatetime') return moddatetimeColumn(trigger) === column
    const source = functionOf(trigger, index)?.source
    // Whoever may not read the function's source goes by the name.
    return source === undefined ? trigger.name === updatedAtTriggerName(table.name) : assigns(source, column)
  })
}

/** Does the trigger fire for ordinary sessions? `R` fires on replicas only. */
export function isEnabled(trigger: Trigger): boolean {
  return trigger.state === 'O' || trigger.state === 'A'
}

/** The partitions of a table at every level, as far as their schemas are read. */
export function partitionsOf({ partitions }: Table, index: DatabaseIndex): Table[] {
  return (partitions ?? []).flatMap(({ schema, name }) => index.findTable(schema, name) ?? [])
}

export function functionOf(trigger: Trigger, index: DatabaseIndex): TriggerFunction | undefined {
  return index.findTriggerFunction(trigger.functionSchema, trigger.functionName)
}

/** The expressions that a PL/pgSQL function assigns to the column of the new row. */
export function assignedExpressions(source: string, column: string): string[] {
  const code = withoutComments(source)
  // Where a statement begins; in a condition `=` compares.
  const target = String.raw`(?:^|;|\b(?:begin|then|else|loop)\b)\s*new\s*\.\s*${columnPattern(column)}\s*(?::=|=)\s*([^;]+)`
  return [...code.matchAll(new RegExp(target, 'gi'))].map((match) => (match[1] ?? '').trim())
}

function assigns(source: string, column: string): boolean {
  return assignedExpressions(source, column).length > 0
}

/** A quoted name is matched as it stands; a plain one in any case, since PostgreSQL folds it. */
function columnPattern(column: string): string {
  const quoted = `"${column.replaceAll('"', '""').replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}"`
  return /^[a-z_][a-z0-9_$]*$/.test(column) ? `(?:${quoted}|${column.replaceAll('$', String.raw`\$`)}\\b)` : quoted
}

function withoutComments(source: string): string {
  return source.replace(/--[^\n]*/g, '').replace(/\/\*[^]*?\*\//g, '')
}

/** `EXECUTE FUNCTION moddatetime('updatedAt')`. */
function moddatetimeColumn(trigger: Trigger): string | null {
  return /moddatetime\s*\(\s*'?"?([^'")]+)/i.exec(trigger.definition)?.[1] ?? null
}
