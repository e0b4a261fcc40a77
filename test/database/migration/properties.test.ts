import assert from 'node:assert/strict'
import fc from 'fast-check'
import { withClient } from '../../../server/src/database/connect'
import { quoteIdentifier, quoteQualified } from '../../../server/src/database/quote'
import { DROP_DATA } from '../../../server/src/migration/plan/steps/drop-when-empty'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { runCheck } from '../../../server/src/verification/run-checks'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { createFromValidSchema } from '../compare/compare-support'
import { schemaArbitrary } from '../compare/schema-generator'
import { planMissing, readStructure, sameStructure } from './support/drift'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { projectArbitrary } from './support/project-generator'
import { carryOutAndObserve, takeBack } from './support/step-observer'

const RUNS = Number(process.env.PRISMA_AUDIT_RUNS ?? 6)

describe('the planner, over generated projects', () => {
  const server = usePostgres()

  it('each step does what it declares; up leaves nothing to plan and no drift; down leaves an equal dump', async function () {
    this.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(projectArbitrary(), async ({ schema, policy, rows }) => {
        // Prisma's own DDL breaks at names with quotes in them.
        const empty = await server.createDatabase()
        const tables = await planMissing(schema, empty.url)
        await empty.drop()
        const ddl = tables.steps.flatMap((step) => step.up).join(';\n')
        const project = await createProject(server, { schema, policy, ddl, sql: rows })
        try {
          const before = await dump(project.database, server)
          const plan = await project.plan()
          assert.deepEqual(plan.refusals, [])
          await withClient(project.url, {}, async (client) => {
            for (const step of plan.steps) await carryOutAndObserve(client, step)
            for (const check of plan.checks) {
              const result = await runCheck(client, check)
              assert.notEqual(result.outcome, 'fail', `${check.title}: ${result.found}`)
            }
            const again = await project.plan()
            assert.deepEqual(
              again.steps.map(({ id }) => id),
              [],
            )
            const text = applyEdits(schema, auditFieldEdits(project.schema, project.policy, plan.additions))
            const difference = await prismaDiff(text, project.url)
            assert.ok(difference.isEmpty, `${difference.text}\n${text}`)
            for (const step of [...plan.steps].reverse()) await takeBack(client, step)
          })
          assert.equal(await dump(project.database, server), before)
        } finally {
          await project.database.drop()
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    )
  })

  it('whatever is dropped from a database that Prisma created is created again as it was, and rolled back', async function () {
    this.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(
        schemaArbitrary(),
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        async (schema, choices) => {
          const database = await createFromValidSchema(server, schema)
          try {
            const whole = await readStructure(schema, database.url)
            const drops = droppable(whole)
            for (const choice of choices) {
              // What went with something else is no longer there to be dropped.
              await database.query(drops[choice % drops.length] ?? '').catch(() => undefined)
            }
            const before = await dump(database, server)
            const plan = await planMissing(schema, database.url)
            assert.deepEqual(plan.refusals, [])
            await withClient(database.url, {}, async (client) => {
              for (const step of plan.steps) await carryOutAndObserve(client, step)
              sameStructure(await readStructure(schema, database.url), whole)
              assert.deepEqual((await planMissing(schema, database.url)).steps, [])
              await client.query(`SET ${DROP_DATA} = 'on'`)
              for (const step of [...plan.steps].reverse()) await takeBack(client, step)
            })
            assert.equal(await dump(database, server), before)
          } finally {
            await database.drop()
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  })
})

/** Statements that each drop one thing, but for primary keys and what they stand on, which are no missing objects. */
function droppable({ tables, enums }: Awaited<ReturnType<typeof readStructure>>): string[] {
  const alter = (table: { schema: string; name: string }) => `ALTER TABLE ${quoteQualified(table.schema, table.name)}`
  return [
    ...tables.flatMap((table) => [
      `DROP TABLE ${quoteQualified(table.schema, table.name)} CASCADE`,
      ...table.columns
        .filter(({ name }) => table.primaryKey?.columns.includes(name) !== true)
        .map(({ name }) => `${alter(table)} DROP COLUMN ${quoteIdentifier(name)} CASCADE`),
      ...table.indexes
        .filter(({ primary }) => !primary)
        .map(({ name }) => `DROP INDEX ${quoteQualified(table.schema, name)} CASCADE`),
      ...table.foreignKeys.map(({ name }) => `${alter(table)} DROP CONSTRAINT ${quoteIdentifier(name)}`),
    ]),
    ...enums.map(({ schema, name }) => `DROP TYPE ${quoteQualified(schema, name)} CASCADE`),
    'DROP EXTENSION IF EXISTS citext CASCADE',
  ]
}
