import assert from 'node:assert/strict'
import { runProgram } from '../../../server/src/backup/native/run-program'

describe("a program's output", () => {
  it('has the same lines on each system', async () => {
    const words = [
      '-e',
      String.raw`process.stdout.write('a\r\nb\rc'); process.stdout.write('\r'); process.stdout.write('\n')`,
    ]
    const { exitCode, output } = await runProgram(process.execPath, words, { environment: process.env })
    assert.deepEqual([exitCode, output], [0, 'a\nb\rc\n'])
  })
})
