import assert from 'node:assert/strict'
import pg from 'pg'
import { compare } from '../../../server/src/audit/compare'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject, type TestProject } from './support/project'
import { checkVerified } from './support/verified'

/** Up, down and the recipes of its steps are held for `CASES` too. */
describe('the trigger that fills the fields of users from app.actor', () => {
  const server = usePostgres()
  let project: TestProject
  let structure: string
  let client: pg.Client

  before(async () => {
    project = await createProject(server, {
      schema:
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n' +
        'model Lead {\n  id Int @id\n  name String @default("")\n}\nmodel Note {\n  id Int @id\n  name String @default("")\n}\n',
      policy: {
        rules: [
          { models: ['Lead'], require: ['updatedBy', 'createdBy', 'ownerId'] },
          { models: ['Note'], require: ['updatedBy'] },
        ],
        fields: { ownerId: { populate: 'none' } },
        actor: { trigger: true, ownerId: true },
      },
      sql: 'INSERT INTO "User" SELECT generate_series(1, 9); INSERT INTO "Lead" (id) VALUES (1); INSERT INTO "Note" (id) VALUES (1)',
    })
    structure = await dump(project.database, server)
    const plan = await project.plan()
    assert.deepEqual(
      plan.steps.map(({ id }) => id).filter((id) => /function|trigger/.test(id)),
      [
        ...['updated_by', 'owner_id', 'created_by'].map((field) => `create-function:public.fill_${field}_with_actor`),
        ...['given_lead_updated_by', 'set_lead_updated_by', 'set_lead_owner_id', 'set_lead_created_by'].map(
          (name) => `create-trigger:public.Lead.actor_${name}`,
        ),
        ...['given', 'set'].map((what) => `create-trigger:public.Note.actor_${what}_note_updated_by`),
      ],
    )
    await runPlan({ url: project.url, plan })
    client = new pg.Client({ connectionString: project.url })
    await client.connect()
  })
  after(async () => {
    await client.end()
  })

  /** Who stands in the row after the statements, in a transaction of the user. */
  async function actors(actor: string | null, ...statements: readonly string[]): Promise<unknown> {
    await client.query('BEGIN')
    if (actor !== null) await client.query(`SELECT set_config('app.actor', $1, true)`, [actor])
    let row: unknown = null
    for (const statement of statements) {
      const { rows } = await client.query<Record<string, unknown>>(`${statement} RETURNING *`)
      const { updatedBy, createdBy, ownerId } = rows.at(-1) ?? {}
      row = [updatedBy, createdBy, ownerId]
    }
    await client.query('ROLLBACK')
    return row
  }

  it('fills what the statement does not set, and never what it sets', async () => {
    const insert = 'INSERT INTO "Lead" (id) VALUES (2)'
    assert.deepEqual(await actors('7', insert), [7, 7, 7])
    assert.deepEqual(await actors(null, insert), [null, null, null])
    assert.deepEqual(await actors('', insert), [null, null, null])
    const given = 'INSERT INTO "Lead" (id, "updatedBy", "createdBy") VALUES (2, 3, 4)'
    assert.deepEqual(await actors('7', given), [3, 4, 7])
    assert.deepEqual(await actors('7', given, `UPDATE "Lead" SET name = 'x' WHERE id = 2`), [7, 4, 7])
    // To the value that it has already.
    assert.deepEqual(await actors('7', given, `UPDATE "Lead" SET "updatedBy" = 3 WHERE id = 2`), [3, 4, 7])
    assert.deepEqual(await actors('7', given, `UPDATE "Lead" SET "updatedBy" = 5, name = 'x' WHERE id = 2`), [5, 4, 7])
    assert.deepEqual(await actors('7', given, `UPDATE "Lead" SET "updatedBy" = NULL WHERE id = 2`), [null, 4, 7])
    const twice = [`UPDATE "Lead" SET "updatedBy" = 3 WHERE id = 2`, `UPDATE "Lead" SET name = 'y' WHERE id = 2`]
    assert.deepEqual(await actors('7', given, ...twice), [7, 4, 7])
    const upsert = `INSERT INTO "Lead" (id) VALUES (2) ON CONFLICT (id) DO UPDATE SET`
    assert.deepEqual(await actors('7', given, `${upsert} name = 'x'`), [7, 4, 7])
    assert.deepEqual(await actors('7', given, `${upsert} "updatedBy" = "Lead"."updatedBy"`), [3, 4, 7])
    assert.deepEqual(await actors('7', 'UPDATE "Note" SET name = name'), [7, undefined, undefined])
  })

  it('ends with the transaction, one that fails too', async () => {
    await assert.rejects(actors('nobody', 'UPDATE "Lead" SET name = name'), /invalid input syntax for type integer/)
    await client.query('ROLLBACK')
    await assert.rejects(actors('99', 'UPDATE "Lead" SET name = name', 'SET CONSTRAINTS ALL IMMEDIATE'))
    await client.query('ROLLBACK')
    assert.deepEqual(await actors(null, 'UPDATE "Lead" SET name = name'), [null, null, null])
  })

  it('is verified, found where it is missing, and rolled back', async () => {
    await checkVerified(project)
    const findings = async () =>
      compare({ schema: project.schema, policy: project.policy, database: await project.catalog() })
        .filter(({ code }) => code.startsWith('trigger'))
        .map(({ message }) => message)
    assert.deepEqual(await findings(), [])
    const name = 'actor_set_note_updated_by'
    await client.query(`ALTER TABLE "Note" DISABLE TRIGGER ${name}`)
    assert.deepEqual(await findings(), [`The trigger "${name}" on Note is disabled.`])
    const [enable, ...others] = (await project.plan()).steps
    assert.deepEqual([enable?.id, others], [`enable-trigger:public.Note.${name}`, []])
    await client.query(`DROP TRIGGER ${name} ON "Note"`)
    assert.deepEqual(await findings(), ['No trigger on Note fills "updatedBy" with the user in app.actor.'])
    const create = (await project.plan()).steps.at(-1)
    assert.equal(create?.id, `create-trigger:public.Note.${name}`)
    for (const statement of create.up) await client.query(statement)
    assert.equal((await rollBack({ url: project.url })).status, 'completed')
    assert.equal(await dump(project.database, server), structure)
  })
})
