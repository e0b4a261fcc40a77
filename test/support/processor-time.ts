import assert from 'node:assert/strict'

/**
 * A test of what must not take minutes, in seconds of processor time: those are hardly more on a machine that does much
 * else, where a limit by the clock, as mocha's own, fails by chance.
 */
export function inProcessorSeconds(limit: number, test: () => void): () => void {
  return () => {
    const before = process.cpuUsage()
    test()
    const { user, system } = process.cpuUsage(before)
    const seconds = (user + system) / 1e6
    assert.ok(seconds < limit, `${seconds.toFixed(1)} s of processor time`)
  }
}
