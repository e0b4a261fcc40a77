import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { findApplicationEdits } from '../../../server/src/application/find-application-edits'
import { DEFAULT_POLICY } from '../../../server/src/audit-fields/policy'
import { Secrets } from '../../../server/src/database/secrets'
import { openProject } from '../../../server/src/project/open-project'
import { terminalInteraction } from '../../../server/src/terminal/terminal-interaction'
import { TerminalWriter } from '../../../server/src/terminal/terminal-writer'
import { SCHEMA } from '../application/support'

const ADMIN = `export const list = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })\n`
const TYPE = `export interface Lead {\n  id: number\n  name: string\n  status: string\n  createdAt: string\n}\n`

describe("edits of the application's code that a terminal offers", () => {
  let folder: string
  const file = (name: string) => path.join(folder, name)
  const read = (name: string) => fs.readFileSync(file(name), 'utf8')
  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-offered-')))
    fs.writeFileSync(file('schema.prisma'), SCHEMA)
    fs.writeFileSync(file('admin.ts'), ADMIN)
    fs.writeFileSync(file('types.ts'), TYPE)
  })
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

  /** Someone who answers with the first choice, after something else has happened. */
  function offering(before: () => void) {
    const secrets = new Secrets()
    const project = openProject({ folder, schemaPath: null, policyPath: null, url: null, environment: {}, secrets })
    const keys = Object.assign(new PassThrough(), { isTTY: true }) as unknown as NodeJS.ReadStream & PassThrough
    const screen = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.WriteStream & PassThrough
    screen.on('data', (shown: Buffer) => {
      if (!shown.toString().includes('Number, or Enter to cancel')) return
      before()
      keys.write('1\n')
    })
    const writer = new TerminalWriter(screen, secrets)
    const interaction = terminalInteraction({
      project,
      terminal: {
        ...{ version: '', input: keys, output: writer, log: writer, secrets, environment: {}, workingFolder: folder },
        ...{ signal: new AbortController().signal, interrupt: () => undefined },
      },
      ...{ yes: false, verbose: false, planCommand: '', confirmDatabase: null, narrate: 'stdout' },
    })
    const { edits } = findApplicationEdits({
      files: ['admin.ts', 'types.ts'].map((name) => ({ path: file(name), text: read(name) })),
      ...{ schema: project.schema, policy: DEFAULT_POLICY },
      additions: [{ model: 'Lead', field: 'updatedAt' }],
    })
    assert.deepEqual([...new Set(edits.map((edit) => path.basename(edit.file)))], ['admin.ts', 'types.ts'])
    return interaction.offerEdits(
      edits.map((edit) => ({ ...edit, isTicked: true })),
      'Add the audit fields',
    )
  }

  it('are written into the files that they were made for', async () => {
    assert.equal(await offering(() => undefined), true)
    assert.match(read('admin.ts'), /createdAt: true, updatedAt: true \}/)
    assert.match(read('types.ts'), /updatedAt\?: string/)
  })

  it('are not written, into no file at all, if one of them changed while the question was open', async () => {
    for (const change of [
      () => fs.writeFileSync(file('types.ts'), `// A line of somebody else\n${TYPE}`),
      () => fs.rmSync(file('types.ts')),
    ]) {
      await assert.rejects(offering(change), /types\.ts was not edited/)
      assert.equal(read('admin.ts'), ADMIN)
      fs.writeFileSync(file('types.ts'), TYPE)
    }
  })
})
