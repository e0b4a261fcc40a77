import assert from 'node:assert/strict'
import { toDumpError } from '../../../server/src/backup/dump-errors'
import { ProgramFailure, runProgram, whyFailed } from '../../../server/src/backup/native/run-program'
import { describeError, type AuditError } from '../../../server/src/errors'
import { createTranslate } from '../../../server/src/text/translate'

describe("a program's output", () => {
  it('has the same lines on each system', async () => {
    const words = [
      '-e',
      String.raw`process.stdout.write('a\r\nb\rc'); process.stdout.write('\r'); process.stdout.write('\n')`,
    ]
    const { exitCode, output } = await runProgram(process.execPath, words, { environment: process.env })
    assert.deepEqual([exitCode, output], [0, 'a\nb\rc\n'])
  })

  it('is not mixed with the signal that ended it, which is said in the language of the editor', () => {
    const run = { exitCode: null, endedBy: 'SIGXFSZ', output: 'pg_dump: dumping' } as const
    const error = toDumpError(new ProgramFailure(run), 'postgresql://ada@db.example.com/crm') as AuditError
    assert.equal(error.code, 'disk-full')
    const t = createTranslate({ 'It was killed by {0}.': 'Es wurde durch {0} beendet.' }, 'de')
    assert.match(describeError(error, t), /\n {2}\| pg_dump: dumping\nEs wurde durch SIGXFSZ beendet\.\n/)
    const [silent, told] = [whyFailed({ ...run, output: '' }), whyFailed(run)]
    assert.deepEqual([typeof silent, told], ['object', 'pg_dump: dumping'])
  })
})
