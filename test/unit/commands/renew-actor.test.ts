import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ACTOR_DEFAULTS, actorCommand, renewActor } from '../../../server/src/commands/actor'
import type { Interaction, Question } from '../../../server/src/commands/interaction'
import { Secrets } from '../../../server/src/database/secrets'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { inEnglish } from '../../../server/src/text/translate'

const USER = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n'
/** A column of the schema's own, which no run has added. */
const OWN = 'model Note {\n  id Int @id\n  updatedBy String?\n}\n'
const ADDED = 'model Lead {\n  id Int @id\n  updatedBy String?\n}\n'

describe('the module that fills the audit fields, after a rollback', () => {
  let folder: string
  let project: Project
  const file = (name: string) => path.join(folder, name)
  const module = () => file('src/audit-actor.ts')

  /** As the run has left it, before the rollback takes its field from the schema. */
  async function migrated(own: string): Promise<void> {
    fs.mkdirSync(file('src'))
    fs.writeFileSync(file('schema.prisma'), USER + own + ADDED)
    fs.writeFileSync(file('prisma-audit.json'), '{ "rules": [{ "models": ["*"], "require": ["updatedBy"] }] }')
    fs.writeFileSync(file('package.json'), '{}')
    fs.writeFileSync(file('src/db.ts'), `export const db = new PrismaClient()\n`)
    const secrets = new Secrets()
    project = openProject({ folder, schemaPath: null, policyPath: null, url: null, environment: {}, secrets })
    assert.equal((await actorCommand(project, answering(), { ...ACTOR_DEFAULTS, output: module() })).status, 'done')
    fs.writeFileSync(file('schema.prisma'), USER + own)
    project.fileChanged(file('schema.prisma'))
  }

  function answering(asked: Question[] = [], answer = 'delete'): Interaction {
    return {
      ...{ t: inEnglish, signal: new AbortController().signal, isAttended: true },
      ...{ progress: () => undefined, output: () => undefined, preview: () => undefined },
      confirm: (question) => Promise.resolve(asked.push(question) > 0 ? answer : null),
      review: () => Promise.resolve(true),
      applyEdits: (edits) => {
        project.writeEdits(edits)
        return Promise.resolve()
      },
      unsavedTexts: () => Promise.resolve(new Map()),
      offerEdits: () => Promise.resolve(false),
    }
  }

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-renew-')))
  })
  afterEach(async () => {
    await project.close()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('is offered to be deleted if no file uses it, also where the schema had such fields before', async () => {
    await migrated(OWN)
    const asked: Question[] = []
    assert.equal(await renewActor(project, answering(asked)), true)
    assert.deepEqual(
      asked.map(({ message, detail, yes }) => [message, detail[1], yes]),
      [
        [
          'Delete src/audit-actor.ts, which no other file uses?',
          'It can still fill updatedBy, which the schema had before.',
          'keep',
        ],
      ],
    )
    assert.equal(fs.existsSync(module()), false)
  })

  it('has no fields left where the schema had none, and --yes deletes it', async () => {
    await migrated('')
    const asked: Question[] = []
    await renewActor(project, answering(asked))
    assert.deepEqual(
      asked.map(({ detail, yes }) => [detail[1], yes]),
      [['It has no fields left to fill.', 'delete']],
    )
  })

  it('is renewed if it is kept, and without a question if a file uses it', async () => {
    await migrated(OWN)
    assert.match(fs.readFileSync(module(), 'utf8'), / {2}Lead: \{/)
    assert.equal(await renewActor(project, answering([], 'keep')), true)
    assert.doesNotMatch(fs.readFileSync(module(), 'utf8'), / {2}Lead: \{/)
    fs.appendFileSync(file('src/db.ts'), "import './audit-actor'\n")
    const asked: Question[] = []
    assert.equal(await renewActor(project, answering(asked)), false)
    assert.deepEqual(asked, [])
  })
})
