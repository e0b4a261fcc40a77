import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres, type TestDatabase } from '../support/postgres'
import { hasPseudoTerminal, onPseudoTerminal, type Screen } from '../support/pseudo-terminal'

const MODELS = Array.from({ length: 12 }, (_, index) => `Thing${index}`)
const ANSWER = 'Number, or Enter to cancel:'

describe('a guided run in a terminal', () => {
  const postgres = usePostgres()
  let database: TestDatabase
  let folder: string

  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-summary-')))
    const write = (name: string, text: string) => fs.writeFileSync(path.join(folder, name), text)
    const models = ['User', ...MODELS]
    const blocks = models.map((model) => `model ${model} {\n  id Int @id\n}\n`)
    write('schema.prisma', `datasource db {\n  provider = "postgresql"\n}\n${blocks.join('')}`)
    const rules = [{ models: ['Thing*'], require: ['updatedAt', 'ownerId'] }]
    write('prisma-audit.json', JSON.stringify({ userModel: 'User', rules }))
    const tables = models.map((model) => `CREATE TABLE "${model}" (id int CONSTRAINT "${model}_pkey" PRIMARY KEY);`)
    const rows = models.map((model) => `INSERT INTO "${model}" VALUES (1);`)
    database = await postgres.createDatabase([...tables, ...rows].join('\n'))
  })
  after(async () => {
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const screen = (words: readonly string[], environment: Record<string, string> = {}): Promise<Screen> => {
    let wasAsked = false
    return onPseudoTerminal([...words, '--url', database.url], {
      folder,
      environment: { NO_COLOR: undefined, ...environment },
      type: (shown) => {
        if (wasAsked || !shown.includes(ANSWER)) return null
        wasAsked = true
        return '\n'
      },
    })
  }

  it('asks after a summary that fits a screen, whatever the size of the plan, and says where all of it is', async function () {
    if (!hasPseudoTerminal()) this.skip()
    const { text, exitCode } = await screen(['run', '--no-backup'])
    assert.equal(exitCode, 3, text)
    const [, question = ''] = text.split('── Preview and confirm\r\n')
    const lines = question.slice(0, question.indexOf(ANSWER)).split('\r\n')
    assert.ok(lines.length <= 40, String(lines.length))
    for (const said of [/^ {2}steps +\d{3}: check 12 /, /^ {2}locks +\S/, /^ {2}rows +Thing/, /^ {2}files +\d/])
      assert.ok(
        lines.some((line) => said.test(line)),
        `${String(said)}\n${lines.join('\n')}`,
      )
    assert.match(question, /Full plan with SQL: prisma-audit plan --url …/)
    const [check = ''] = text.split('── Preview and confirm')
    assert.ok(check.split('\r\n').length <= 20, check)
    assert.match(check, /… and 14 more findings/)
    // The progress is one line that is written over.
    assert.ok(text.includes('\r\u001b[2KReading the catalog'), text)
    assert.ok(!text.includes('\u001b[31m'), 'nothing went wrong')

    const verbose = await screen(['run', '--no-backup', '--verbose'])
    assert.ok(verbose.text.includes('```sql'))
    assert.ok(verbose.text.split('\r\n').length > 400)
  }).timeout(600_000)

  it('shows errors in red, and never with NO_COLOR', async function () {
    if (!hasPseudoTerminal()) this.skip()
    const words = ['check', '--schema', 'nowhere.prisma']
    const { text } = await screen(words)
    assert.ok(text.includes('\u001b[31mNo Prisma schema'), text)
    assert.ok(text.endsWith('\u001b[0m\r\n'), text)
    const plain = await screen(words, { NO_COLOR: '1' })
    assert.match(plain.text, /No Prisma schema/)
    assert.ok(!plain.text.includes('\u001b['), plain.text)
  })

  it('writes a line a step into a log, and the SQL of failed checks only', async () => {
    const run = ['run', '--no-backup', '--no-application', '--no-files', '--yes', '--url', database.url]
    const { stdout, stderr, exitCode } = await commandLine(run, { folder })
    assert.equal(exitCode, 0, stdout + stderr)
    assert.ok(!`${stdout}${stderr}`.includes('\u001b'), 'no control sequences')
    const steps = stderr.split('\n').filter((line) => line.includes('Thing7'))
    assert.equal(new Set(steps).size, steps.length, stderr)
    assert.ok(steps.length >= 5, stderr)
    assert.match(stdout, /passed, 0 failed\n\n# /)
    assert.ok(!stdout.includes('to run again in psql'))
    const all = await commandLine(['verify', '--sql', '--url', database.url], { folder })
    assert.match(all.stdout, /to run again in psql:\n\n-- 1\. /)
  }).timeout(600_000)
})
