import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../../package.json'
import english from '../../../package.nls.json'
import { contextsOf, HAS_MIGRATED } from '../../../client/src/status/contexts'
import type { ProjectStatus } from '../../../protocol/src/index'

const [walkthrough] = manifest.contributes.walkthroughs
const { steps } = walkthrough!

describe('the walkthrough', () => {
  it('completes each step by something that is really so, not by a command that was only begun', () => {
    const known = new Set([...Object.keys(contextsOf([])), HAS_MIGRATED])
    for (const { id, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0, id)
      for (const event of completionEvents) assert.ok(known.has(event.replace(/^onContext:/, '')), `${id}: ${event}`)
    }
  })

  it('has buttons that are commands, and pages that come with the package', () => {
    const commands = new Set(manifest.contributes.commands.map(({ command }) => command))
    for (const { description, media } of steps) {
      const text = (english as Readonly<Record<string, string>>)[description.replaceAll('%', '')]!
      const buttons = [...text.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command!)
      assert.ok(buttons.length > 0 && buttons.every((command) => commands.has(command)), text)
      assert.ok(fs.existsSync(path.join(__REPOSITORY__, media.markdown)), media.markdown)
    }
  })

  it('knows nothing of what is still to come', () => {
    const fresh = { policy: 'none', connection: 'none', environment: null, catalogReadAt: null } as ProjectStatus
    assert.deepEqual(
      Object.entries(contextsOf([fresh])).filter(([, is]) => is),
      [['prismaAudit.hasProject', true]],
    )
    const done = {
      ...fresh,
      policy: 'valid',
      connection: 'connected',
      environment: 'sandbox',
      catalogReadAt: 1,
    } as const
    assert.ok(Object.values(contextsOf([fresh, done])).every(Boolean))
    assert.equal(contextsOf([{ ...done, environment: 'remote' }])['prismaAudit.knowsEnvironment'], false)
  })
})
