import assert from 'node:assert/strict'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { Secrets } from '../../../server/src/database/secrets'
import { runCommandLine } from '../../../server/src/terminal/program'
import { TerminalWriter } from '../../../server/src/terminal/terminal-writer'

describe('a command line that is invalid', () => {
  it('is a JSON document for a program that asked for one, as any other error', async () => {
    for (const words of [
      ['check', '--format', 'json', '--nonsense'],
      ['backups', '--format=json', 'prune', '--keep', '0'],
      ['check', '--format', 'json', '--url', ''],
    ]) {
      const { exitCode, output, log } = await run(words)
      const document = JSON.parse(output) as { formatVersion: number; error: Record<string, string | null> }
      assert.deepEqual([exitCode, document.formatVersion, document.error.code], [2, 1, 'command-line-invalid'])
      assert.match(document.error.what ?? '', /^The command line is invalid: (unknown option|option '--)/)
      assert.match(log, /^error: .*\nRun prisma-audit --help for usage/)
    }
  })

  it('names a policy that does not exist: a check without it would pass', async () => {
    const schema = path.join('sample', 'backend', 'prisma', 'schema.prisma')
    const words = ['check', '--format', 'json', '--schema', schema, '--policy', 'prisma-adit.json']
    const { exitCode, output } = await run(words)
    const { error } = JSON.parse(output) as { error: { code: string; why: string } }
    assert.deepEqual([exitCode, error.code], [2, 'policy-missing'])
    assert.match(error.why, /prisma-adit\.json/)
  })

  it('writes nothing to stdout for anybody else', async () => {
    assert.deepEqual(await run(['check', '--nonsense']).then(({ exitCode, output }) => [exitCode, output]), [2, ''])
    assert.equal((await run(['plan', '--format', 'sql', '--nonsense'])).output, '')
  })
})

async function run(words: readonly string[]): Promise<{ exitCode: number; output: string; log: string }> {
  const secrets = new Secrets()
  const streams = [new PassThrough({ encoding: 'utf8' }), new PassThrough({ encoding: 'utf8' })] as const
  const [output, log] = streams.map((stream) => new TerminalWriter(stream as unknown as NodeJS.WriteStream, secrets))
  const exitCode = await runCommandLine(words, {
    ...{ version: '0.0.0', input: process.stdin, output: output!, log: log!, secrets, environment: {} },
    ...{ workingFolder: __REPOSITORY__, signal: new AbortController().signal, interrupt: () => undefined },
  })
  const [written, said] = streams.map((stream) => String(stream.read() ?? ''))
  return { exitCode, output: written!, log: said! }
}
