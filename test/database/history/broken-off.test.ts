import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { readJournal } from '../../../server/src/migration/run/journal/journal'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { useRunner } from '../migration/support/runner'
import { checkVerified } from '../migration/support/verified'
import { createHistoryProject, SAMPLE, structure, type HistoryProject } from './support'

describe("Prisma's history where a run breaks off", () => {
  const server = usePostgres()
  const runner = useRunner()
  const projects: HistoryProject[] = []

  afterEach(() => {
    for (const project of projects.splice(0)) project.remove()
  })

  async function sampleProject(): Promise<HistoryProject> {
    const project = await createHistoryProject(server, SAMPLE)
    projects.push(project)
    return project
  }

  /** Places of the steps that record, in a run of the sample. */
  const RECORDS = [6, 8, 11, 13, 15, 17, 21]

  it('those are the places', async () => {
    const project = await sampleProject()
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    const [run] = await withClient(project.url, {}, readJournal)
    const places = run?.steps.flatMap(({ step }, index) => (step.kind === 'record-history' ? [index] : []))
    assert.deepEqual(places, RECORDS)
  })

  for (const kill of [`step:${RECORDS[0]}`, 'folder:1', 'step:7', `step:${RECORDS[3]}`, 'folder:4', 'folder:7']) {
    it(`killed at ${kill}: resumes with the same names, and the history is correct`, async () => {
      const project = await sampleProject()
      const plan = await project.plan()
      assert.equal(await runner.run(project.url, plan, kill, project.target), 'SIGKILL')
      const written = project.names()
      const result = await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
      assert.deepEqual([result.status, result.resumed], ['completed', true])
      assert.deepEqual(project.names().slice(0, written.length), written)
      assert.equal(project.names().length, 1 + RECORDS.length)
      await checkVerified(project)
      await project.checkClean(project.editedSchema(plan.additions))
    })

    it(`killed at ${kill}: rolled back, and the history is correct`, async () => {
      const project = await sampleProject()
      const before = await structure(project.database)
      assert.equal(await runner.run(project.url, await project.plan(), kill, project.target), 'SIGKILL')
      await rollBack({ url: project.url, history: project.target })
      assert.equal(await structure(project.database), before)
      await project.checkClean(project.schemaText)
    })
  }

  it('what was never recorded is removed, unless someone changed it', async () => {
    const project = await sampleProject()
    assert.equal(await runner.run(project.url, await project.plan(), 'folder:1', project.target), 'SIGKILL')
    assert.equal(project.names().length, 2)
    await rollBack({ url: project.url, history: project.target })
    assert.deepEqual(project.names(), ['20240101000000_init'])

    assert.equal(await runner.run(project.url, await project.plan(), 'folder:1', project.target), 'SIGKILL')
    const [, name = ''] = project.names()
    fs.writeFileSync(path.join(project.migrations, name, 'notes.txt'), 'mine')
    await rollBack({ url: project.url, history: project.target })
    assert.deepEqual(project.names(), ['20240101000000_init', name])
  })

  it('on another machine: what was recorded before is written there too', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    assert.equal(await runner.run(project.url, plan, `step:${RECORDS[3]}`, project.target), 'SIGKILL')
    const written = project.names()
    assert.equal(written.length, 4)
    for (const name of written.slice(1)) fs.rmSync(path.join(project.migrations, name), { recursive: true })
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    assert.deepEqual(project.names().slice(0, 4), written)
    await project.checkClean(project.editedSchema(plan.additions))
  })

  it('a file that was changed before it was recorded is neither recorded nor overwritten', async () => {
    const project = await sampleProject()
    const plan = await project.plan()
    assert.equal(await runner.run(project.url, plan, 'folder:1', project.target), 'SIGKILL')
    const file = path.join(project.migrations, project.names()[1] ?? '', 'migration.sql')
    const text = fs.readFileSync(file, 'utf8')
    fs.writeFileSync(file, `${text}-- by hand\n`)
    const goOn = async () => runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    await assert.rejects(goOn(), { code: 'migration-file-changed' })
    assert.equal(fs.readFileSync(file, 'utf8'), `${text}-- by hand\n`)
    fs.writeFileSync(file, text)
    assert.equal((await goOn()).status, 'completed')
    await project.checkClean(project.editedSchema(plan.additions))
  })

  it('a stopped rollback resumes with the same names', async () => {
    const project = await sampleProject()
    const before = await structure(project.database)
    await runPlan({ url: project.url, plan: await project.plan(), history: project.target })
    for (const stopAt of [0, 4]) {
      const controller = new AbortController()
      const result = await rollBack({
        url: project.url,
        history: project.target,
        signal: controller.signal,
        onProgress: ({ index }) => {
          if (index === stopAt) controller.abort()
        },
      })
      assert.equal(result.status, 'stopped')
    }
    const [run] = await withClient(project.url, {}, readJournal)
    const prepared = run?.steps.flatMap(({ step, state }) => (state === 'pending' ? [step.folder?.name] : []))
    assert.equal(prepared?.length, 1)
    await rollBack({ url: project.url, history: project.target })
    assert.deepEqual(project.names().slice(-1), prepared)
    assert.equal(await structure(project.database), before)
    await project.checkClean(project.schemaText)
  })
})
