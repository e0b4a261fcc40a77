import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { ROLE_TO_RETURN_TO } from '../../../server/src/database/session-settings'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import { planDrift } from '../../../server/src/migration/plan/drift/plan-drift'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { column, database, LEAD, plan, table, USER } from './project'

/**
 * A name without a schema is looked up in whatever path the session has. Ours have a safe one, scripts and migrations
 * run in sessions of others; so no function, type or relation of ours goes without. The names of the project's own SQL
 * are its own.
 */
describe('the SQL that we send and generate', () => {
  let parser: SqlParser
  before(async () => {
    parser = await loadSqlParser()
  })

  const check = (sql: string) => {
    assert.deepEqual(unqualified(parser, sql), [], sql)
  }

  it('would be caught otherwise, in a block too', () => {
    const query = 'SELECT count(oid::text) FROM pg_class'
    const names = ['function count', 'relation pg_class', 'type text']
    assert.deepEqual(unqualified(parser, query).sort(), names)
    assert.deepEqual(unqualified(parser, `DO $$ BEGIN IF EXISTS (${query}) THEN RETURN; END IF; END $$`).sort(), names)
  })

  it('is qualified in every .sql file', () => {
    const folder = path.join(__REPOSITORY__, 'server/src')
    const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'))
    assert.ok(files.length > 15, files.join(' '))
    for (const file of files) {
      const text = fs.readFileSync(path.join(folder, file), 'utf8')
      const trusted = 'SELECT oid FROM pg_catalog.pg_roles'
      const part = (name: string) => fs.readFileSync(path.join(folder, 'backup', name), 'utf8')
      // An expression of a query, where the others are queries.
      const query = file.endsWith('table-bytes.sql') ? `SELECT ${text}` : text
      const withParts = query
        .replaceAll(':table_bytes', part('table-bytes.sql'))
        .replaceAll(':objects', 'SELECT kind, name, definition FROM pg_catalog.pg_class')
        .replaceAll(':columns', part('contents/columns.sql'))
        .replaceAll(':role_to_return_to', ROLE_TO_RETURN_TO)
      const whole = withParts.replaceAll(':trusted', trusted).replaceAll(':relations', part('contents/relations.sql'))
      check(whole.replaceAll(':schemas', '$1').replaceAll(':spelling', '$2'))
    }
  })

  it('is qualified in the steps and checks of a plan', () => {
    const rules = [
      { models: ['User'], require: ['updatedAt', 'updatedBy'] },
      { models: ['Lead'], require: ['updatedAt', 'ownerId'] },
    ]
    const text = column('name', 'text', true)
    const plans = [
      plan({ policy: { rules } }),
      plan({ policy: { rules }, tables: [table('User'), table('Lead', { primaryKey: null })] }),
      plan({ policy: { rules, fields: { ownerId: { required: true } } } }),
      plan({ policy: { rules, fields: { ownerId: { populate: { sql: '(SELECT 1)' } } } } }),
      planDrift({
        schema: parseSchema([{ path: 'schema.prisma', text: `${USER}${LEAD}${DRIFT}` }]),
        database: database([table('User'), table('Lead'), table('Old', { columns: [text] })]),
        covered: [],
      }),
    ]
    for (const { steps, checks } of plans) {
      assert.ok(steps.length > 0)
      for (const step of steps) {
        const held = step.holdsData === undefined ? [] : [step.holdsData.count]
        const batch = step.batch === null ? [] : [step.batch.start, step.batch.next]
        const leftovers = step.leftovers === null ? [] : [step.leftovers]
        for (const sql of [...step.up, ...step.down, ...held, ...batch, ...leftovers]) check(sql)
        for (const { sql } of step.verify) check(sql)
      }
      for (const { sql } of checks) check(sql)
    }
  })
})

const DRIFT = `
enum Kind {
  A
  B
}
model Old {
  id    Int    @id
  name  String?
  kind  Kind   @default(A)
  n     Int    @default(autoincrement())
  size  Int    @default(3)
  lead  Int?   @unique
  @@index([name])
}
model New {
  id  Int @id @default(autoincrement())
  at  DateTime @default(now())
}
`

/** What is called or named without a schema: functions, types, and relations other than those of a WITH. */
function unqualified(parser: SqlParser, sql: string): string[] {
  const found: string[] = []
  const known = new Set<string>()
  const visit = (node: unknown, key: string): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, key)
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return
    const tree = node as Readonly<Record<string, unknown>>
    if (typeof tree.ctename === 'string') known.add(tree.ctename)
    if (key === 'FuncCall' && namesIn(tree.funcname).length === 1)
      found.push(`function ${namesIn(tree.funcname).join()}`)
    // The columns of a table of ours, and the bookkeeping of a DO block, take the words that SQL has for types.
    if (key === 'typeName' && namesIn(tree.names).length === 1) found.push(`type ${namesIn(tree.names).join()}`)
    if (typeof tree.relname === 'string' && tree.schemaname === undefined && key !== 'DropStmt')
      found.push(`relation ${tree.relname}`)
    for (const [name, value] of Object.entries(tree)) if (key !== 'ColumnDef' || name !== 'typeName') visit(value, name)
  }
  const read = (text: string): void => {
    for (const statement of parser.parse(text)) visit(statement, '')
  }
  read(sql)
  if (/^DO\b/.test(sql)) {
    for (const { text, kind } of parser.bodyQueries(sql)) {
      if (kind !== 'assignment') read(kind === 'statement' ? text : `SELECT ${text}`)
    }
  }
  return found.filter((each) => !each.startsWith('relation ') || !known.has(each.slice('relation '.length)))
}

function namesIn(list: unknown): string[] {
  return (Array.isArray(list) ? list : []).flatMap((each: { readonly String?: { readonly sval?: string } }) =>
    each.String?.sval === undefined ? [] : [each.String.sval],
  )
}
