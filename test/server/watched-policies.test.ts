import assert from 'node:assert/strict'
import { WatchedPolicies } from '../../server/src/lsp/watched-policies'

describe('the policies that settings name are watched', () => {
  /** Registers in the next turn, as an editor does that has to answer first. */
  function startWatching() {
    const open = new Set<string>()
    const policies = new WatchedPolicies(async (globs) => {
      await new Promise(setImmediate)
      const names = globs.join()
      assert.ok(!open.has(names))
      open.add(names)
      return { dispose: () => void open.delete(names) }
    })
    return { open, policies }
  }

  it('one registration at a time, also if the settings change twice at once', async () => {
    const { open, policies } = startWatching()
    await Promise.all([policies.set(['/a/one.json']), policies.set(['/a/two.json']), policies.set(['/b/two.json'])])
    assert.deepEqual([...open], ['**/two.json'])
    await policies.set(['/a/prisma-audit.json'])
    assert.deepEqual([...open], [])
  })

  it('by globs that match any name', async () => {
    const { open, policies } = startWatching()
    await policies.set(['/a/policy [1], {new}*.json'])
    assert.deepEqual([...open], ['**/policy ?1?? ?new??.json'])
  })
})
