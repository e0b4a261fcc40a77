import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../../package.json'
import english from '../../../package.nls.json'
import { stepsDone } from '../../../client/src/walkthrough/steps-done'
import type { ProjectStatus } from '../../../protocol/src/index'

const [walkthrough] = manifest.contributes.walkthroughs
const { steps } = walkthrough!

const NOTHING = { hasMigrated: false, hasSetEnvironment: false }

describe('the walkthrough', () => {
  it('completes each step by something that is really so, not by a command that was only begun', () => {
    const known = new Set(Object.keys(stepsDone([], NOTHING)))
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
    assert.ok(Object.values(stepsDone([fresh], NOTHING)).every((isDone) => !isDone))
    const done = {
      ...fresh,
      policy: 'valid',
      connection: 'connected',
      environment: 'production',
      catalogReadAt: 1,
    } as const
    const migrated = { ...NOTHING, hasMigrated: true }
    assert.ok(Object.values(stepsDone([fresh, done], migrated)).every(Boolean))
  })

  it('takes a database for protected only where somebody has said so', () => {
    const isDone = (status: Partial<ProjectStatus>, commands = NOTHING) =>
      stepsDone([status as ProjectStatus], commands)['prismaAudit.done.environment']
    assert.deepEqual(
      (['local', 'sandbox', 'remote', null] as const).map((environment) => isDone({ environment, isReadOnly: false })),
      [false, false, false, false],
    )
    assert.ok(isDone({ environment: 'staging' }))
    assert.ok(isDone({ environment: 'local', isReadOnly: true }))
    assert.ok(isDone({ environment: 'local' }, { ...NOTHING, hasSetEnvironment: true }))
  })
})
