import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { BackUpOptions } from '../../../server/src/backup/back-up'
import { BUILT_IN_LIMIT } from '../../../server/src/backup/choose-backup-tool'
import { chooseWay, type ChosenWay } from '../../../server/src/backup/choose-way'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { surveyDatabase } from '../../../server/src/backup/survey'
import { withClient } from '../../../server/src/database/connect'
import { inPlainEnglish, phrase } from '../../../server/src/text/phrase'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { backUpTo, DIFFICULT_SQL, untilSomebodyWaits, useFolder } from './support'

/**
 * Stands for docker or a rootless podman at its command line, as their documentation has it: runs the server's own
 * programs with the environment that is handed over alone, and knows the files that are mounted alone. No real engine
 * was there to try it.
 */
const FAKE_ENGINE = String.raw`
const fs = require('node:fs'), path = require('node:path'), { spawn } = require('node:child_process')
const [state, bin, version] = [STATE, BIN, VERSION]
const isPodman = path.basename(process.argv[1]) === 'podman'
const words = process.argv.slice(2)
fs.appendFileSync(path.join(state, 'calls'), JSON.stringify(words) + '\n')
const images = () => fs.readFileSync(path.join(state, 'images'), 'utf8').split('\n')
const fail = (code, text) => { process.stderr.write(text + '\n'); process.exit(code) }
const [command, second] = words
if (!isPodman && fs.existsSync(path.join(state, 'down'))) fail(1, 'Cannot connect to the Docker daemon. Is the docker daemon running?')
if (command === 'info') console.log(isPodman ? 'true' : '[name=seccomp,profile=builtin]')
else if (command === 'image' && second === 'inspect') images().includes(words.at(-1)) ? console.log('sha256:1') : fail(1, 'Error: No such image')
else if (command === 'pull') words.at(-1).endsWith(':' + version) ? fs.appendFileSync(path.join(state, 'images'), words.at(-1) + '\n') : fail(1, 'manifest unknown')
else if (command === 'kill') process.exit(0)
else if (command === 'run') run()
else fail(125, 'unknown command')

function run() {
  const known = /^--(?:rm|init|name=\S+|pull=never|security-opt=label=disable|user=\d+:\d+|network=host|env=\w+|userns=keep-id|mount=.*|entrypoint=pg_(?:dump|restore))$/
  const end = words.findIndex((word, index) => index > 0 && !word.startsWith('--'))
  const options = words.slice(1, end)
  const strange = options.find((word) => !known.test(word))
  if (strange !== undefined) fail(125, 'unknown flag: ' + strange)
  // Else what a rootless container writes belongs to a user that only it knows.
  if (isPodman && !options.includes('--userns=keep-id')) fail(125, 'permission denied')
  if (!images().includes(words[end])) fail(125, 'Unable to find image')
  const value = (name) => options.filter((word) => word.startsWith('--' + name + '=')).map((word) => word.slice(name.length + 3))
  const mounts = value('mount').map((text) => /^type=bind,"source=(.*)",target=(\/prisma-audit\/\d+)(,readonly)?$/.exec(text))
  const outside = (text) => mounts.reduce((all, [, source, target]) => all.replace(target + '/', source + '/'), text)
  const environment = Object.fromEntries(value('env').map((name) => [name, outside(process.env[name] ?? '')]))
  const child = spawn(path.join(bin, value('entrypoint')[0]), words.slice(end + 1).map(outside), { env: environment, stdio: 'inherit' })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code) => process.exit(code ?? 143))
}
`

describe('a backup by the pg_dump of a container image', () => {
  const server = usePostgres()
  const folder = useFolder()
  let database: TestDatabase
  before(async function () {
    if (process.platform !== 'linux' || !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) return this.skip()
    database = await server.createDatabase(DIFFICULT_SQL)
  })

  const image = () => `docker.io/library/postgres:${server.majorVersion}`
  const state = (name: string) => path.join(folder(), name)
  const calls = () => fs.readFileSync(state('calls'), 'utf8')
  /** A machine with these engines and nothing else. */
  function machine(
    images: readonly string[],
    engines = ['docker'],
  ): Pick<BackUpOptions, 'environment' | 'programFolders'> {
    const constants = [
      ['STATE', folder()],
      ['BIN', server.binFolder],
      ['VERSION', String(server.majorVersion)],
    ]
    const script = constants.reduce(
      (text, [name = '', value]) => text.replace(name, JSON.stringify(value)),
      FAKE_ENGINE,
    )
    for (const engine of engines) fs.writeFileSync(state(engine), `#!${process.execPath}\n${script}`, { mode: 0o755 })
    fs.writeFileSync(state('images'), `${images.join('\n')}\n`)
    return { environment: { ...process.env, PATH: folder() }, programFolders: [] }
  }

  it('is made, proven and restored with an image that is there, and shows no password', async () => {
    const given = machine(['docker.io/library/postgres:14', image()])
    const backup = await backUpTo(state('backups'), database.url, { ...given, level: 3 })
    assert.match(
      backup.tool,
      new RegExp(`^pg_dump ${server.majorVersion}\\.\\d+ \\(image postgres:${server.majorVersion} in docker\\)$`),
    )
    assert.equal(backup.level, 3, backup.proof)
    assert.equal(fs.statSync(backup.path).mode & 0o777, 0o600)
    const { password } = new URL(database.url)
    for (const secret of [password, decodeURIComponent(password)]) assert.ok(!calls().includes(secret))
    assert.match(calls(), /readonly/)
  })

  it('is made by podman, too, where docker does not run', async () => {
    fs.writeFileSync(state('down'), '')
    const given = machine([image()], ['docker', 'podman'])
    const backup = await backUpTo(state('backups'), database.url, { ...given, level: 1 })
    assert.match(backup.tool, new RegExp(`\\(image postgres:${server.majorVersion} in podman\\)$`))
  })

  it('is cancelled with its container', async () => {
    const given = machine([image()])
    const cancel = new AbortController()
    await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.log')
      const running = backUpTo(state('backups'), database.url, { ...given, signal: cancel.signal })
      await untilSomebodyWaits(database)
      cancel.abort()
      await assert.rejects(running, { code: 'backup-cancelled' })
    })
    assert.deepEqual(fs.readdirSync(state('backups')), ['.gitignore'])
    assert.match(calls(), /\["kill","prisma-audit-/)
  })

  it('is offered where it would have to be pulled, for what the built-in pg_dump cannot do', async () => {
    const survey = await surveyDatabase(database.url, { environment: process.env })
    const large = { ...survey, bytes: BUILT_IN_LIMIT + 1 }
    const asked: unknown[] = []
    const said = ({ reason }: ChosenWay) => (reason === null ? '' : inPlainEnglish(reason))
    const choose = (of: typeof survey, answer: boolean) =>
      chooseWay({
        ...machine([]),
        survey: of,
        mayPull: (offer) => {
          asked.push(offer)
          return Promise.resolve(answer)
        },
      })
    assert.equal((await choose(survey, true)).way, BUILT_IN_WAY)
    assert.deepEqual(asked, [])
    const exported = await choose(large, false)
    assert.equal(exported.way, EXPORT_WAY)
    const instead = 'Used instead: the export by COPY, because the built-in pg_dump is for databases up to 16 MB.'
    assert.equal(said(exported), `No pg_dump is installed. ${instead}`)
    const missing = phrase`No pg_dump is installed.`
    assert.deepEqual(asked, [{ image: image(), engine: 'docker', instead: EXPORT_WAY.tool.name, missing }])
    const pulled = await choose(large, true)
    assert.match(pulled.way.tool.path ?? '', /in docker/)
    assert.match(said(pulled), /^No pg_dump is installed\. Used instead: image postgres:\d+ in docker\.$/)
    // A server that is newer than every tool, and than every image.
    const newer = { ...survey, serverMajor: 99, serverVersion: '99.1' }
    await assert.rejects(choose(newer, false), {
      code: 'backup-needs-pg-dump',
      why: /cannot dump a server newer than itself/,
      nextStep: /Install pg_dump 99[^]*docker pull postgres:99[^]*--no-backup/,
    })
    await assert.rejects(choose(newer, true), { code: 'pg-dump-missing', why: /manifest unknown/ })
    // Installed, and not running.
    fs.writeFileSync(state('down'), '')
    assert.equal((await choose(survey, true)).way, BUILT_IN_WAY)
  })
})
