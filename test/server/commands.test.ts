import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { CancellationTokenSource, HoverRequest } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  ChecklistNotification,
  CheckProgress,
  ChecksRequest,
  ExecuteRequest,
  PreviewNotification,
  RunChecksRequest,
  UnfinishedRunRequest,
  type Checklist,
  type CheckProgressValue,
  type PreviewParameters,
} from '../../protocol/src/index'
import { usePostgres } from '../support/postgres'
import { useSampleInEditor } from './support/command-editor'

describe('the language server carries out the commands', () => {
  const postgres = usePostgres()
  const sample = useSampleInEditor(postgres)

  it('the guided run, from the findings to the proof, and back', async () => {
    const editor = await sample.open()
    const readCode = (file: string) => fs.readFileSync(path.join(sample.workspace.folder, file), 'utf8')
    const codeBefore = new Map(CODE.map((file) => [file, readCode(file)]))
    // For the schema's edit, for the search, and before its edits are applied: that is when somebody saves a file.
    editor.onUnsavedAsked = (times) => {
      if (times !== 3) return
      const file = CODE[0]!
      const text = `// Typed meanwhile\n${readCode(file)}`
      codeBefore.set(file, text)
      fs.writeFileSync(path.join(sample.workspace.folder, file), text)
    }
    const guided = await editor.execute('guided')
    assert.equal(guided.status, 'done', editor.output)
    assert.match(
      editor.output,
      /Application: nothing was written\. .* was not edited\.[^]*Application: the edits are applied\./,
    )
    assert.match(editor.output, /18 passed, 0 failed/)
    assert.equal(editor.questions.length, 2)
    assert.match(editor.questions[1]!.message, /^Where should the module that fills/)
    // The sample's checks want a password of the environment.
    assert.match(guided.message, /Skipped: test the application \(variables are not set\)\./)
    // The module is there, and fills nothing until somebody adds it.
    assert.match(
      guided.message,
      / To do: add backend\/src\/audit-actor\.ts to the client in backend\/src\/client\.ts:\d+; /,
    )
    assert.match(readCode(ACTOR), /^ {2}User: \{/m)
    assert.ok(editor.questions[0]!.message.includes(`${sample.workspace.database.name} on 127.0.0.1:${postgres.port}`))
    const { detail } = editor.questions[0]!
    assert.match(detail, /Backed up to backups\//)
    assert.match(detail, /^Files: backend\/prisma\/schema\.prisma; \S.*\.$/m)
    const planned = Number(/^2 models, (\d+) steps/m.exec(detail)?.[1])
    await editor.client.diagnostics(sample.workspace.schemaFile, (all) => all.length === 0)
    assert.match(
      fs.readFileSync(`${sample.workspace.folder}/backend/src/routes/admin.ts`, 'utf8'),
      /updatedBy: \{ select/,
    )
    assert.match(guided.message, /^Done: .*\bgenerate\b/)
    assert.equal(guided.report?.title, `Verification: ${sample.workspace.database.name}`)
    assert.match(guided.report.text, /^18 passed, 0 failed\.$[^]*\| PASS \| 1 \| /m)
    await runsChecksByThemselves(guided.report)
    await offersWhatTheFirstTryDid()
    assert.deepEqual(
      CODE.filter((file) => readCode(file) === codeBefore.get(file)),
      [],
    )
    const rollback = await editor.execute('rollback')
    assert.equal(rollback.status, 'done', editor.output)
    const [undone = 0, others = 0] = (rollback.message.match(/\d+/g) ?? []).map(Number)
    assert.match(rollback.message, /^Rolled back: \d+ steps undone\. Steps that need no undo: \d+\.$/)
    assert.ok(others > 0)
    assert.equal(undone + others, planned)
    // The application's code is as it was, too.
    for (const file of CODE) assert.equal(readCode(file), codeBefore.get(file), file)
    assert.match(editor.questions[3]!.message, /^Delete backend\/src\/audit-actor\.ts, which no other file uses\?/)
    assert.equal(fs.existsSync(path.join(sample.workspace.folder, ACTOR)), false)
    assert.deepEqual(rollback.next, [{ command: 'generate', label: 'Generate Prisma Client' }])
    assert.ok(editor.questions.every(({ detail }) => detail.split('\n').length <= 4))
    // It looks before it asks, and there is nothing that could have failed.
    assert.match((await editor.execute('rollback')).message, /^There is nothing to roll back/)
    assert.equal(editor.questions.length, 4)
    assert.match(
      (await editor.execute('verify')).message,
      / is not migrated yet, so there is nothing to verify\. Missing: User\.updatedAt, /,
    )
    await editor.client.diagnostics(sample.workspace.schemaFile, (all) => all.length === 3)
  })

  /** A run that continues after the migration, and fails again. */
  async function offersWhatTheFirstTryDid(): Promise<void> {
    const { editor } = sample
    const config = path.join(sample.workspace.folder, 'backend/prisma.config.ts')
    const text = fs.readFileSync(config, 'utf8')
    fs.writeFileSync(config, `${text}\nif (process.argv.includes('generate')) throw new Error('no such tenant')\n`)
    const { status, message, next } = await editor.execute('guided')
    fs.writeFileSync(config, text)
    assert.equal(status, 'failed')
    assert.match(message, /^Prisma Client was not generated.* The database is migrated\. Run it again to continue/)
    assert.deepEqual(next, [
      { command: 'guided', label: 'Continue' },
      { command: 'rollback', label: 'Roll Back' },
    ])
  }

  /** As the Test Explorer does: listed with their places, each run by its id, told as it begins and ends. */
  async function runsChecksByThemselves(report: PreviewParameters): Promise<void> {
    const { editor } = sample
    const documentUri = URI.file(sample.workspace.schemaFile).toString()
    const { checks, problem } = await editor.client.connection.sendRequest(ChecksRequest, { documentUri })
    assert.equal(problem, null)
    const { checks: inJson } = JSON.parse(report.json ?? '') as { checks: { id: string | null }[] }
    const ofDatabase = checks.filter(({ model }) => model !== 'Application')
    const ids = ofDatabase.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(
      ids.filter((id) => !inJson.some((check) => check.id === id)),
      [],
    )
    const lines = fs.readFileSync(sample.workspace.schemaFile, 'utf8').split('\n')
    const [trigger] = checks.filter(({ id }) => id === 'User.updatedAt/trigger')
    assert.match(lines[trigger!.line]!, /^ {2}updatedAt /)

    const told: CheckProgressValue[] = []
    editor.client.connection.onProgress(CheckProgress, 'checks', (value) => void told.push(value))
    const run = (some: string[] | null) =>
      editor.client.connection.sendRequest(RunChecksRequest, { documentUri, ids: some, progressToken: 'checks' })
    await sample.workspace.database.query('ALTER TABLE "User" DISABLE TRIGGER ALL')
    await run([trigger!.id])
    assert.deepEqual(
      told.map((value) => [value.id, value.state, value.state === 'fail' ? value.found : '']),
      [
        [trigger!.id, 'started', ''],
        [trigger!.id, 'fail', 'disabled'],
      ],
    )
    await sample.workspace.database.query('ALTER TABLE "User" ENABLE TRIGGER ALL')
    told.length = 0
    await run(null)
    assert.deepEqual(
      told.filter(({ state }) => state !== 'started').map(({ id, state }) => `${id} ${state}`),
      // The sample's requests want a password of the environment.
      checks.map(({ id, model }) => `${id} ${model === 'Application' ? 'skipped' : 'pass'}`),
    )
  }

  it('a run that is cancelled stays a list; none goes on with a schema that is half typed meanwhile', async () => {
    const editor = await sample.open()
    const schema = fs.readFileSync(sample.workspace.schemaFile, 'utf8')
    /** Unsaved; each request is answered after the changes before it. */
    const type = async (text: string) => {
      editor.client.change(sample.workspace.schemaFile, text)
      const textDocument = { uri: URI.file(sample.workspace.schemaFile).toString() }
      await editor.client.connection.sendRequest(HoverRequest.type, {
        textDocument,
        position: { line: 0, character: 0 },
      })
    }
    const typeHalf = () => type(schema.replace('model User {', 'model User {\n  nick Strin'))
    const columns = `SELECT FROM information_schema.columns WHERE column_name = 'updatedAt'`
    editor.onQuestion = typeHalf
    const refused = await editor.execute('migrate')
    assert.equal(refused.message, 'Prisma rejects the schema, so the database is not changed.', editor.output)
    assert.match(editor.output, /schema\.prisma:11 Type "Strin" is neither/)
    assert.equal(editor.questions.length, 1)
    assert.doesNotMatch(editor.questions[0]!.detail, /schema\.prisma/, 'this command leaves the schema alone')
    assert.deepEqual(await sample.workspace.database.query(columns), [])
    editor.onQuestion = () => Promise.resolve()
    await type(schema)

    const documentUri = URI.file(sample.workspace.schemaFile).toString()
    const told: (Checklist & { isNew: boolean })[] = []
    const listOf = ({ stages, steps }: Checklist) =>
      [...stages, ...steps].map((each) => `${'name' in each ? each.name : each.title}: ${each.state}`)
    const blocker = new pg.Client({ connectionString: sample.workspace.database.url })
    // The database is dropped with force where the test fails.
    blocker.on('error', () => undefined)
    await blocker.connect()
    await blocker.query('BEGIN; LOCK TABLE "Lead" IN ROW EXCLUSIVE MODE')
    const cancellation = new CancellationTokenSource()
    let onWait = () => cancellation.cancel()
    editor.client.connection.onNotification(ChecklistNotification, (list) => {
      told.push(list)
      if (list.stages.some(({ detail }) => detail.includes('waiting'))) onWait()
    })
    const stopped = await editor.client.connection.sendRequest(
      ExecuteRequest,
      { command: 'guided', documentUri, progressToken: 'guided' },
      cancellation.token,
    )
    assert.equal(stopped.status, 'cancelled', editor.output)
    assert.deepEqual([told[0]!.isNew, told.slice(1).some(({ isNew }) => isNew)], [true, false])
    const last = told.at(-1)!
    assert.deepEqual(last.end?.next, stopped.next)
    assert.deepEqual(
      last.stages.map(({ name, state }) => `${name}: ${state}`),
      [
        ...['check: done', 'backup: done', 'confirm: done', 'migrate: stopped'],
        ...['schema: waiting', 'generate: waiting', 'actor: waiting', 'application: waiting', 'smoke: waiting'],
        'verify: waiting',
      ],
    )

    const journal = await editor.client.connection.sendRequest(UnfinishedRunRequest, { documentUri })
    assert.equal(journal?.command, 'guided')
    assert.deepEqual(journal.end?.next, stopped.next)
    assert.deepEqual(listOf(journal).slice(0, 2), ['migrate: stopped', 'schema: waiting'])
    const shown = new Map(told.flatMap(({ steps }) => steps.map((step) => [step.index, step] as const)))
    assert.deepEqual(
      journal.steps.map(({ title }) => title),
      [...shown.values()].map(({ title }) => title),
    )
    onWait = () => {
      onWait = () => undefined
      void typeHalf().then(() => blocker.end())
    }
    const stoppedAgain = await editor.execute('guided')
    assert.match(stoppedAgain.message, /^Prisma rejects the schema, so it is not edited\. The database is migrated\./)
    assert.deepEqual(
      stoppedAgain.next?.map(({ label }) => label),
      ['Continue', 'Roll Back'],
    )
    assert.match(editor.output, /Stopped during: Write the schema\./)
    assert.equal(fs.readFileSync(sample.workspace.schemaFile, 'utf8'), schema)
    await type(schema)
    assert.equal((await editor.execute('guided')).status, 'done', editor.output)
    assert.match(fs.readFileSync(sample.workspace.schemaFile, 'utf8'), /@updatedAt/)
    assert.equal(await editor.client.connection.sendRequest(UnfinishedRunRequest, { documentUri }), null)
    assert.ok(told.at(-1)!.stages.every(({ state }) => state === 'done' || state === 'skipped'))
  })

  it('what is typed between the validation of the schema and its edit is kept, in a run and in a rollback', async () => {
    const editor = await sample.open()
    const schema = fs.readFileSync(sample.workspace.schemaFile, 'utf8')
    /** A line above everything, saved at once. */
    const type = (line: string) => {
      const text = `// ${line}\n${fs.readFileSync(sample.workspace.schemaFile, 'utf8')}`
      fs.writeFileSync(sample.workspace.schemaFile, text)
      editor.client.change(sample.workspace.schemaFile, text)
    }
    const typeMeanwhile = (when: string) => {
      editor.onUnsavedAsked = () => {
        editor.onUnsavedAsked = () => undefined
        type(`Before the edit, ${when}`)
      }
      editor.onEdit = () => {
        editor.onEdit = () => undefined
        type(`As the edit arrives, ${when}`)
      }
      editor.output = ''
    }
    const typed = (when: string) => `// As the edit arrives, ${when}\n// Before the edit, ${when}\n`
    const refusals = () => editor.output.match(/^Schema: nothing was written\. .*schema\.prisma was not edited\.$/gm)

    typeMeanwhile('up')
    assert.equal((await editor.execute('guided')).status, 'done', editor.output)
    assert.equal(refusals()?.length, 2, editor.output)
    const migrated = fs.readFileSync(sample.workspace.schemaFile, 'utf8')
    assert.ok(migrated.startsWith(`${typed('up')}${schema.split('\n')[0]}\n`), migrated)
    assert.match(migrated, /^ {2}updatedAt .*@updatedAt/m)

    typeMeanwhile('down')
    assert.equal((await editor.execute('rollback')).status, 'done', editor.output)
    assert.equal(refusals()?.length, 2, editor.output)
    assert.equal(fs.readFileSync(sample.workspace.schemaFile, 'utf8'), typed('down') + typed('up') + schema)
  })

  it('what is typed into the application while its edits are reviewed is kept, and they are offered again', async () => {
    const editor = await sample.open()
    const admin = path.join(sample.workspace.folder, 'backend', 'src', 'routes', 'admin.ts')
    const before = fs.readFileSync(admin, 'utf8')
    let reviews = 0
    editor.onEdit = (files) => {
      if (files.includes(admin) && ++reviews === 1) editor.typeAbove(admin, '// Typed during the review')
    }
    assert.equal((await editor.execute('guided')).status, 'done', editor.output)
    assert.equal(reviews, 2)
    assert.match(editor.output, /^Application: nothing was written\. .*admin\.ts was not edited\.$/m)
    const after = fs.readFileSync(admin, 'utf8')
    assert.ok(after.startsWith(`// Typed during the review\n${before.split('\n')[0]}\n`), after)
    // Each field stands below the one that the code has.
    assert.match(after, /^ +createdAt: true,\n +updatedAt: true,$/m)
  })

  it('nothing where reading a table would run code of a lesser role: the notification names the object', async () => {
    const { name: role } = await postgres.createRole({ name: 'lesser_owner' })
    await sample.workspace.database.query(`
      CREATE SCHEMA theirs AUTHORIZATION ${role}; GRANT CREATE ON SCHEMA public TO ${role};
      ALTER TABLE "Lead" OWNER TO ${role};
      SET SESSION AUTHORIZATION ${role};
      CREATE FUNCTION theirs.strike(what text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN true; END $$;
      CREATE INDEX found ON public."Lead" (name) WHERE theirs.strike('condition');
      RESET SESSION AUTHORIZATION`)
    const editor = await sample.open()
    for (const command of ['preview', 'guided'] as const) {
      editor.output = ''
      const { status, message, next } = await editor.execute(command)
      assert.deepEqual(
        [status, message, next],
        [
          'failed',
          `Any query of the table would run code with your privileges: the index found of public."Lead" calls theirs.strike() of the role ${role}. Nothing was changed.`,
          [],
        ],
        editor.output,
      )
      assert.match(
        editor.output,
        /PostgreSQL evaluates such a call while it plans a query[^]*Drop these objects, or connect as the owner/,
      )
    }
    assert.deepEqual(editor.questions, [])
  })

  it('a rehearsal, shown as a preview', async () => {
    const editor = await sample.open()
    const previews: PreviewParameters[] = []
    editor.client.connection.onNotification(PreviewNotification, (preview) => void previews.push(preview))
    const outcome = await editor.execute('rehearse')
    assert.equal(outcome.status, 'done', editor.output)
    assert.match(editor.output, /Rehearsal: passed/)
    assert.deepEqual(editor.questions, [])
    assert.match(previews[0]?.text ?? '', /## Rehearsal: passed/)
    await editor.client.diagnostics(sample.workspace.schemaFile, (all) => all.length === 3)
  })
})

/** What the guided run edits of the sample's code. */
const ACTOR = 'backend/src/audit-actor.ts'
const CODE = ['backend/src/routes/admin.ts', 'frontend/src/types/models.ts']
