import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { backUpFirst } from '../../../server/src/commands/back-up'
import type { ChecklistState } from '../../../server/src/commands/checklist'
import { guidedCommand, type GuidedOptions } from '../../../server/src/commands/guided'
import type { Interaction, Question } from '../../../server/src/commands/interaction'
import { findMigrationWork, migrateCommand } from '../../../server/src/commands/migrate'
import { schemaErrors } from '../../../server/src/schema/validation/new-schema-errors'
import { applySchemaUpdate, schemaUpdate } from '../../../server/src/commands/update-schema'
import { resolveTarget } from '../../../server/src/commands/target'
import { rollBackCommand } from '../../../server/src/commands/roll-back'
import { readUnfinishedRun } from '../../../server/src/commands/unfinished-run'
import { thisProcess } from '../../../server/src/files/temporary-folders'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { Secrets } from '../../../server/src/database/secrets'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { QUEUED, waitUntil } from './support/wait-until'
import { inEnglish } from '../../../server/src/text/translate'

const SAMPLE = path.join(__REPOSITORY__, 'sample')

describe('the migration as a command', () => {
  const server = usePostgres()
  const opened: { readonly project: Project; readonly folder: string }[] = []
  afterEach(async () => {
    for (const { project, folder } of opened.splice(0)) {
      await project.close()
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })

  async function sampleProject(): Promise<{ readonly project: Project; readonly database: TestDatabase }> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-command-'))
    fs.cpSync(SAMPLE, folder, { recursive: true, filter: (file) => !file.includes('node_modules') })
    const read = (name: string) => fs.readFileSync(path.join(SAMPLE, name), 'utf8')
    const database = await server.createDatabase({ sql: `${TABLES};\n${read('database/seed.sql')}` })
    const project = openProject({
      folder,
      schemaPath: path.join(folder, 'backend/prisma/schema.prisma'),
      policyPath: path.join(folder, 'prisma-audit.json'),
      url: database.url,
      environment: {},
      secrets: new Secrets(),
    })
    opened.push({ project, folder })
    return { project, database }
  }

  /** Somebody who answers every question, and may do something first. */
  function person(project: Project, answer: (question: Question) => Promise<string | null>) {
    const said: string[] = []
    const interaction: Interaction = {
      t: inEnglish,
      signal: new AbortController().signal,
      isAttended: true,
      progress: () => undefined,
      output: (text) => said.push(text),
      confirm: answer,
      preview: ({ text }) => said.push(text),
      review: ({ text }) => Promise.resolve(said.push(text) > 0),
      applyEdits: (edits) => {
        project.writeEdits(edits)
        return Promise.resolve()
      },
      unsavedTexts: () => Promise.resolve(new Map()),
      offerEdits: () => Promise.resolve(false),
    }
    return { interaction, said }
  }

  it('shows what changed in the database since it asked, and asks again', async () => {
    const { project, database } = await sampleProject()
    const asked: string[] = []
    const { interaction, said } = person(project, async ({ message, detail }) => {
      asked.push(detail.join('\n'))
      if (asked.length === 1) await database.query('ALTER TABLE "User" ADD COLUMN "updatedBy" integer')
      return message.startsWith('Migrate ') ? 'migrate' : null
    })
    const outcome = await migrateCommand(project, interaction, { drift: false, preservedValues: 'ask' })
    assert.equal(outcome.status, 'done')
    assert.equal(asked.length, 2)
    assert.match(asked[1] ?? '', /^The plan changed\./)
    assert.match(said.join('\n'), /Changes in the new plan:\n {2}no longer {2}Add column User\.updatedBy/)
  })

  it('says that nothing was left where another run has applied the plan before the answer', async () => {
    const { project } = await sampleProject()
    const options = { drift: false, preservedValues: 'ask' } as const
    const another = person(project, () => Promise.resolve('migrate'))
    const { interaction } = person(project, async () => {
      assert.match((await migrateCommand(project, another.interaction, options)).message, /^Migrated: \d+ steps\.$/)
      return 'migrate'
    })
    const outcome = await migrateCommand(project, interaction, options)
    assert.deepEqual(
      [outcome.status, outcome.message],
      ['done', 'Nothing left to migrate: every step has already been applied.'],
    )
  })

  it('changes nothing where the changed plan is not agreed to', async () => {
    const { project, database } = await sampleProject()
    let questions = 0
    const { interaction } = person(project, async () => {
      if (++questions > 1) return null
      await database.query('ALTER TABLE "User" ADD COLUMN "updatedBy" integer')
      return 'migrate'
    })
    const outcome = await migrateCommand(project, interaction, { drift: false, preservedValues: 'ask' })
    assert.deepEqual([outcome.status, questions], ['cancelled', 2])
    assert.deepEqual(await database.query(`SELECT to_regnamespace('prisma_audit') AS there`), [{ there: null }])
  })

  it('writes the fields into the schema as it is by then, and never edits one that another program has changed', async () => {
    const { project } = await sampleProject()
    const { interaction } = person(project, () => Promise.resolve('migrate'))
    const target = await resolveTarget(project, interaction, { drift: false })
    const { additions } = (await findMigrationWork(project, interaction, target)).plan
    const { edits } = schemaUpdate(project, target, additions)
    const file = project.location.schemaPath
    const edited = `// A line of somebody else\n${fs.readFileSync(file, 'utf8')}`
    fs.writeFileSync(file, edited)
    assert.throws(() => {
      project.writeEdits(edits)
    }, /was not edited/)
    assert.equal(fs.readFileSync(file, 'utf8'), edited)
    fs.writeFileSync(file, `// Another line\n${edited}`)
    assert.equal(await applySchemaUpdate(project, interaction, { target, additions }), null)
    const written = fs.readFileSync(file, 'utf8')
    assert.ok(written.startsWith(`// Another line\n// A line of somebody else\n`))
    assert.deepEqual(await schemaErrors(project.schema), [])
    assert.equal(await applySchemaUpdate(project, interaction, { target, additions }), 'nothing to write')
    assert.equal(fs.readFileSync(file, 'utf8'), written)
  })

  it('counts the rest of an unfinished run once, and does not warn of its columns, which the rest fills', async () => {
    const { project } = await sampleProject()
    const stop = new AbortController()
    const asked: string[] = []
    const { interaction } = person(project, ({ detail }) =>
      Promise.resolve(asked.push(detail.join(' ')) > 0 ? 'migrate' : null),
    )
    const stopped = await migrateCommand(
      project,
      {
        ...{ ...interaction, signal: stop.signal },
        progress: (title) => {
          if (title === 'Add foreign key Lead.ownerId → User') stop.abort()
        },
      },
      { drift: false, preservedValues: 'ask' },
    ).catch((error: unknown) => error)
    assert.notEqual((stopped as { status?: string }).status, 'done')
    const target = await resolveTarget(project, interaction, { drift: false })
    const { plan, history, unfinished } = await findMigrationWork(project, interaction, target)
    assert.deepEqual([history.steps.map(({ title }) => title), history.migrations], [unfinished, []])
    assert.ok(unfinished.some((title) => title.startsWith('Fill Lead.ownerId')))
    assert.deepEqual(
      plan.warnings.filter(({ code }) => code === 'rows-without-value' || code === 'column-constrained'),
      [],
    )
    assert.equal((await migrateCommand(project, interaction, { drift: false, preservedValues: 'ask' })).status, 'done')
    assert.match(asked[1]!, new RegExp(`backup\\. 2 models, ${unfinished.length} steps\\. Plan`))
  })

  it('names the model because of which a plan is refused; the check is then not done, but failed', async () => {
    const { project, database } = await sampleProject()
    await database.query('ALTER TABLE "User" SET UNLOGGED')
    const { interaction, said } = person(project, () => assert.fail('nothing is asked'))
    const lists: ChecklistState[] = []
    const asked = { ...interaction, checklist: (state: ChecklistState) => lists.push(state) }
    await assert.rejects(guidedCommand(project, asked, GUIDED), (error: Error) => {
      assert.equal(error.message.split('\n')[0], 'The migration is refused because of Lead.')
      return true
    })
    assert.match(said.join('\n'), /Stopped during: Check\.\nDone before that: nothing\./)
    assert.deepEqual([lists.at(-1)?.stages[0]?.name, lists.at(-1)?.stages[0]?.state], ['check', 'failed'])
  })

  it('refuses a run whose schema cannot be written before it changes anything, and finishes such a rollback later', async () => {
    const { project, database } = await sampleProject()
    const file = project.location.schemaPath
    const before = fs.readFileSync(file, 'utf8')
    const taken = path.join(path.dirname(file), `.${path.basename(file)}.${thisProcess()}.prisma-audit-new`)
    // Where the new text would be written: there, a superuser cannot write either.
    const block = () => fs.mkdirSync(path.join(taken, 'x'), { recursive: true })
    const unblock = () => fs.rmSync(taken, { recursive: true })
    const { interaction } = person(project, ({ choices }) => Promise.resolve(choices[0]?.id ?? null))
    const rollBack = () => rollBackCommand(project, interaction, { dropData: false, application: false })
    block()
    await assert.rejects(guidedCommand(project, interaction, GUIDED), { code: 'file-not-writable' })
    assert.deepEqual(await database.query(`SELECT to_regnamespace('prisma_audit') AS there`), [{ there: null }])
    unblock()
    assert.equal((await guidedCommand(project, interaction, GUIDED)).status, 'done')
    block()
    await assert.rejects(rollBack(), { code: 'file-not-writable' })
    unblock()
    assert.equal((await rollBack()).status, 'done')
    assert.equal(fs.readFileSync(file, 'utf8'), before)
  })

  it('lists a step as done that ends while the user cancels, in a run and in a rollback, as the journal has it', async () => {
    const { project } = await sampleProject()
    const { interaction } = person(project, ({ choices }) => Promise.resolve(choices[0]?.id ?? null))
    const target = await resolveTarget(project, interaction, { drift: false })
    /** Carries out a command that is cancelled when the progress is shown for the given time. */
    const cancelled = async (isLast: (title: string) => boolean, command: (asked: Interaction) => Promise<unknown>) => {
      const stop = new AbortController()
      const lists: ChecklistState[] = []
      await command({
        ...{ ...interaction, signal: stop.signal },
        checklist: (state) => lists.push(state),
        // By then the step is beyond where it could be stopped.
        progress: (title) => {
          if (isLast(title)) setImmediate(() => stop.abort())
        },
      })
      const journal = await readUnfinishedRun(target)
      assert.deepEqual(lists.at(-1)?.steps, journal?.checklist.steps)
      return lists.at(-1)!.steps.map(({ state }) => state)
    }
    const guided = (asked: Interaction) => guidedCommand(project, asked, GUIDED)
    let filled = 0
    // Shown first as it begins, then with all its rows.
    const isFilled = (title: string) => title.startsWith('Fill Lead.ownerId') && ++filled === 2
    const states = await cancelled(isFilled, guided)
    assert.deepEqual([states.includes('waiting'), states.includes('stopped')], [true, false])
    assert.equal((await guided(interaction)).status, 'done')
    let undone = 0
    const rollBack = (asked: Interaction) => rollBackCommand(project, asked, { dropData: false, application: false })
    const isSecond = (title: string) => title.startsWith('Undo: ') && ++undone === 2
    assert.deepEqual((await cancelled(isSecond, rollBack)).slice(0, 3), ['done', 'done', 'waiting'])
  })

  it('shows no field in the code that the model had before, because a rollback would leave it there', async () => {
    const { project, database } = await sampleProject()
    await database.query('ALTER TABLE "User" ADD COLUMN "updatedAt" timestamp(3) NOT NULL DEFAULT now()')
    const schema = path.join(project.paths.applicationRoot, 'backend/prisma/schema.prisma')
    const before = fs.readFileSync(schema, 'utf8')
    fs.writeFileSync(
      schema,
      before.replace('model User {', 'model User {\n  updatedAt DateTime @default(now()) @updatedAt'),
    )
    project.fileChanged(schema)
    const code = path.join(project.paths.applicationRoot, 'backend/src/routes/admin.ts')
    const written = fs.readFileSync(code, 'utf8')
    const { interaction } = person(project, ({ choices }) => Promise.resolve(choices[0]?.id ?? null))
    const shown: string[] = []
    const asked: Interaction = {
      ...interaction,
      progress: (title) => shown.push(title),
      offerEdits: (edits) => {
        project.writeEdits(edits)
        return Promise.resolve(true)
      },
    }
    // Edits that are discarded are not done, and are offered again; who cancels stops the run there.
    const discarding = async (signal: AbortSignal, leave: () => void) => {
      const offerEdits = () => {
        leave()
        return Promise.resolve(false)
      }
      return (await guidedCommand(project, { ...asked, signal, offerEdits }, { ...GUIDED, application: true })).message
    }
    const run = new AbortController()
    const discarded = await discarding(run.signal, () => undefined)
    assert.match(discarded, /Skipped: [^.]*application's code \(edits not applied\)/)
    assert.match(await discarding(run.signal, () => run.abort()), /^Stopped during: application's code\./)
    assert.equal((await guidedCommand(project, asked, { ...GUIDED, application: true })).status, 'done')
    const edited = fs.readFileSync(code, 'utf8')
    assert.deepEqual([edited.includes('updatedBy: { select'), edited.includes('updatedAt')], [true, false])
    // Neither is said of the step beside it, which it outlasts.
    const tested = shown.filter((title) => title.startsWith('Testing') || title === 'Add column User.updatedBy')
    assert.deepEqual(tested, [WRITES, 'Add column User.updatedBy', WRITES])
    assert.equal((await rollBackCommand(project, asked, { dropData: false, application: true })).status, 'done')
    assert.equal(fs.readFileSync(code, 'utf8'), written)
  })

  it('waits for a table that somebody locks, or queues to lock, as long as the user says, naming who it is', async () => {
    const { project, database } = await sampleProject()
    const connect = async (application_name: string) => {
      const client = new pg.Client({ connectionString: database.url, application_name })
      await client.connect()
      return client
    }
    const [reader, holder] = [await connect('the report'), await connect('another migration')]
    let queued: Promise<unknown> | null = null
    const questions: Question[] = []
    const { interaction } = person(project, async (question) => {
      questions.push(question)
      if (question.message.startsWith('Migrate ')) {
        await reader.query('BEGIN; SELECT count(*) FROM "Lead"')
        queued = holder.query('BEGIN; ALTER TABLE "Lead" ADD COLUMN "score" int; ROLLBACK')
        await waitUntil(database.url, QUEUED)
      } else {
        await reader.query('ROLLBACK')
        await queued
      }
      return question.choices[0]?.id ?? null
    })
    const outcome = await migrateCommand(project, interaction, { drift: false, preservedValues: 'ask' })
    await Promise.all([reader.end(), holder.end()])
    assert.deepEqual([outcome.status, questions.length], ['done', 2])
    const waiting = questions[1]
    assert.equal(waiting?.message, 'Another session has locked Lead. Keep waiting?')
    assert.match(
      waiting.detail.join('\n'),
      /process \d+ of .* \(another migration\), in its transaction for \d+ s: BEGIN; ALTER TABLE/,
    )
    assert.deepEqual(
      waiting.choices.map(({ label, isCancel = false }) => [label, isCancel]),
      [
        ['Keep Waiting', false],
        ['Terminate the Other Session', false],
        ['Stop', true],
      ],
    )
  })

  it('retries a failed backup before it continues without one', async () => {
    const { project } = await sampleProject()
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-pg-dump-'))
    const pgDumpPath = path.join(folder, 'pg_dump')
    const version = '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.0" && exit 0'
    fs.writeFileSync(pgDumpPath, `#!/bin/sh\n${version}\necho "no space" >&2\nexit 1\n`, { mode: 0o755 })
    project.choose({ pgDumpPath })
    const asked: Question[] = []
    const { interaction } = person(project, (question) => {
      asked.push(question)
      return Promise.resolve(question.choices[asked.length - 1]?.id ?? null)
    })
    const target = await project.databaseTarget(interaction.signal)
    const plan = { steps: [], checks: [], warnings: [], refusals: [], additions: [] }
    const work = { target, plan, models: new Map(), history: plan, unfinished: [] }
    assert.equal((await backUpFirst(project, interaction, work))?.skipped, 'it failed')
    assert.deepEqual(
      asked.map(({ choices, yes }) => [choices.map(({ label }) => label), yes]),
      Array.from({ length: 2 }, () => [['Retry', 'Continue Without Backup'], null]),
    )
    fs.rmSync(folder, { recursive: true })
  })

  it('offers to restore what a rollback preserved, and says how many values and where', async () => {
    const { project, database } = await sampleProject()
    const questions: Question[] = []
    const { interaction, said } = person(project, (question) => {
      questions.push(question)
      return Promise.resolve(question.choices[0]?.id ?? null)
    })
    const migrate = (preservedValues: 'ask' | 'leave') =>
      migrateCommand(project, interaction, { drift: false, preservedValues })
    await migrate('ask')
    await database.query(`UPDATE "Lead" SET "ownerId" = 7 WHERE id <= 3`)
    const shown: string[] = []
    const asking: Interaction = {
      ...interaction,
      progress: (title) => shown.push(title),
      confirm: (question) => {
        shown.push(question.message.replace(/ on .*/, ''))
        return interaction.confirm(question)
      },
    }
    await rollBackCommand(project, asking, { dropData: false, application: false })
    // Thousands of steps are looked at for many seconds before the first is undone.
    const looking = ['Roll the migration back', 'Checking what can be rolled back without losing anything']
    assert.deepEqual(shown.slice(0, 3), ['Connecting to the database', ...looking])
    assert.match(said.join('\n'), /preserved 3 values of Lead\.ownerId, in prisma_audit_kept/)
    await migrate('ask')
    const offer = questions.find(({ message }) => message.startsWith('Restore'))
    assert.match(offer?.message ?? '', /^Restore 3 values preserved at \d{4}-\d\d-\d\d \d\d:\d\d UTC\?$/)
    assert.equal(offer?.yes, 'put-back')
    assert.match(said.join('\n'), /restored 3 values of Lead\.ownerId/)
    assert.deepEqual(await database.query(`SELECT count(*)::int FROM "Lead" WHERE "ownerId" = 7`), [{ count: 3 }])

    await rollBackCommand(project, interaction, { dropData: false, application: false })
    questions.length = 0
    await migrate('leave')
    assert.equal(questions.length, 1, 'only whether to migrate')
    assert.deepEqual(await database.query(`SELECT count(*)::int FROM prisma_audit_kept.kept_value`), [{ count: 3 }])
  })
})

const GUIDED: GuidedOptions = {
  ...{ rehearse: false, backup: false, actor: false, application: false, smoke: false },
  ...{ drift: false, preservedValues: 'ask', verbose: false, sql: false },
}

const WRITES = "Testing the application's writes"

const TABLES = `
  CREATE TABLE "User" (id serial CONSTRAINT "User_pkey" PRIMARY KEY, email text NOT NULL, name text NOT NULL,
    role text NOT NULL DEFAULT 'user', "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP);
  CREATE UNIQUE INDEX "User_email_key" ON "User" (email);
  CREATE TABLE "Lead" (id serial CONSTRAINT "Lead_pkey" PRIMARY KEY, name text NOT NULL, email text NOT NULL,
    status text NOT NULL DEFAULT 'new', "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP)`
