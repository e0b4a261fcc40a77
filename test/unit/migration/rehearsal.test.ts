import { said } from '../../support/said'
import { phrase } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import { firstDifference } from '../../../server/src/migration/rehearsal/first-difference'
import { modeInWords, strongest, unclaimedLocks } from '../../../server/src/migration/rehearsal/lock-modes'
import type { RehearsalReport } from '../../../server/src/migration/rehearsal/model'
import { skippedSteps } from '../../../server/src/migration/rehearsal/skipped-steps'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderRehearsal, renderRehearsalText } from '../../../server/src/migration/render/rehearsal'
import { plan, table } from './project'

describe('locks held against the plan', () => {
  const itself = (name: string) => name
  const lock = (mode: string, name = 't') => ({ mode, table: name })

  it('are named as the documentation names them', () => {
    const words = ['AccessShareLock', 'RowShareLock', 'ShareUpdateExclusiveLock', 'ShareRowExclusiveLock'].map(
      modeInWords,
    )
    assert.deepEqual(words, ['ACCESS SHARE', 'ROW SHARE', 'SHARE UPDATE EXCLUSIVE', 'SHARE ROW EXCLUSIVE'])
  })

  it('are those that are stronger than claimed, or stronger than writing on a table that is not named', () => {
    const claimed = { mode: 'SHARE UPDATE EXCLUSIVE', tables: ['t'] }
    const fine = [lock('ACCESS SHARE'), lock('SHARE UPDATE EXCLUSIVE'), lock('ROW EXCLUSIVE', 'other')]
    const wrong = [lock('SHARE'), lock('ACCESS EXCLUSIVE'), lock('SHARE UPDATE EXCLUSIVE', 'other')]
    assert.deepEqual(unclaimedLocks([...fine, ...wrong], claimed, itself), wrong)
    assert.deepEqual(unclaimedLocks([lock('ROW EXCLUSIVE')], { mode: 'ACCESS SHARE', tables: ['t'] }, itself).length, 1)
  })

  it('of a partition are held against the claim on its root', () => {
    const claimed = { mode: 'ACCESS EXCLUSIVE', tables: ['root'] }
    assert.deepEqual(
      unclaimedLocks([lock('ACCESS EXCLUSIVE', 'part')], claimed, () => 'root'),
      [],
    )
  })

  it('count once a table, the strongest', () => {
    const locks = [lock('ROW SHARE'), lock('SHARE', 'u'), lock('ACCESS EXCLUSIVE'), lock('SHARE')]
    assert.deepEqual(strongest(locks), [lock('ACCESS EXCLUSIVE'), lock('SHARE', 'u')])
  })
})

describe('the first difference of two dumps', () => {
  const object = (name: string, type: string, text: string) =>
    `--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: -\n--\n\n${text};\n\n\n`
  const head = 'SET lock_timeout = 0;\n\n'
  const settings = "SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\n"
  const user = object('User', 'TABLE', 'CREATE TABLE public."User" (\n    id integer\n)')
  const before = head + settings + user

  it('is none where they are equal', () => {
    assert.equal(firstDifference(before, before), null)
  })

  it('is an object that is new, gone or changed, wherever the settings stand', () => {
    const added = object('f()', 'FUNCTION', 'CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE sql')
    const grown = { object: 'FUNCTION public.f()', before: '', after: 'CREATE FUNCTION public.f() RETURNS int' }
    assert.deepEqual(firstDifference(before, head + added + settings + user), grown)
    assert.deepEqual(firstDifference(head + added + settings + user, before), {
      object: grown.object,
      before: grown.after,
      after: grown.before,
    })
    assert.deepEqual(firstDifference(before, before.replace('id integer', 'id bigint')), {
      object: 'TABLE public.User',
      before: '    id integer',
      after: '    id bigint',
    })
  })

  it('is the order, where there is no other', () => {
    const other = object('Lead', 'TABLE', 'CREATE TABLE public."Lead" ()')
    assert.equal(
      said(firstDifference(before + other, head + settings + other + user)?.object),
      'the order of the objects',
    )
  })
})

describe('steps that cannot be rehearsed', () => {
  it('are those that need a table that is missing, and the later ones of a table whose step was skipped', () => {
    const { steps } = plan({ tables: [table('User'), table('Lead')] })
    const ofLead = steps.filter((step) => step.table === 'Lead' && step.kind !== 'create-function').map(({ id }) => id)
    assert.deepEqual([...skippedSteps(steps, ['"public"."Lead"']).keys()], ofLead)
    const withoutUsers = skippedSteps(steps, ['"public"."User"'])
    assert.equal(said(withoutUsers.get(ofLead.at(-1) ?? '')), '"public"."User" could not be loaded')
    assert.deepEqual(
      steps.filter(({ id }) => !withoutUsers.has(id)).map(({ kind }) => kind),
      ['create-function'],
    )
    assert.equal(skippedSteps(steps, []).size, 0)
  })
})

describe('the rendered rehearsal', () => {
  const report: RehearsalReport = {
    outcome: 'failed',
    place: { kind: 'embedded', label: phrase`an embedded PostgreSQL`, serverVersion: '18.3' },
    databaseVersion: '15.18',
    structure: { loaded: 4, notLoaded: [{ name: 'EXTENSION pos|tgis', reason: 'not\navailable' }] },
    rows: [{ table: '"public"."User"', rows: 3, reason: null }],
    steps: [
      {
        id: 'one',
        title: 'Add "x" to "a|b"',
        outcome: 'failed',
        claimed: { mode: 'ACCESS EXCLUSIVE', tables: ['"a|b"'], rewrites: false },
        up: [{ sql: 'ALTER', locks: [{ table: '"a|b"', mode: 'ACCESS EXCLUSIVE' }], rewrites: ['"a|b"'] }],
        down: [{ sql: 'DROP', locks: null, rewrites: [] }],
      },
    ],
    passes: [{ name: 'up', outcome: 'failed', milliseconds: 120 }],
    checks: [],
    wayBack: { difference: { object: 'TABLE public.t', before: '', after: 'CREATE `` ```' } },
    failures: [{ kind: 'rewrite', pass: 'up', stepId: 'one', message: 'It wrote "a|b" anew.', sql: 'ALTER' }],
    notProven: [phrase`What the "weather" does.`],
    milliseconds: { startUp: 1400, dump: 600, rehearsal: 2300, total: 3700 },
  }

  it('stands in the preview, failures before the locks', () => {
    const made = plan({ tables: [table('User'), table('Lead')] })
    const text = renderPreview(made, { databaseLabel: 'app', models: new Map(), rehearsal: report })
    assert.ok(text.includes(renderRehearsal(report)))
    const headings = text.split('\n').filter((line) => /^##? /.test(line))
    assert.deepEqual(headings, [
      '# Migration of app',
      '## Performance notes',
      '## Rehearsal: failed',
      '## Lead',
      '## Shared objects',
    ])
    assert.match(text, /\*\*Up, step 1, Add "x" to "a\\\|b"\*\*: It wrote "a\\\|b" anew\.\n\n```sql\nALTER;\n```/)
    assert.match(
      text,
      /\| failed \| ACCESS EXCLUSIVE on "a\\\|b" \| ACCESS EXCLUSIVE on "a\\\|b", rewrote "a\\\|b" \| not observable \|/,
    )
    assert.match(text, /````sql\nCREATE `` ```\n````/)
    assert.match(text, /### Not loaded\n\n- EXTENSION pos\\\|tgis: not\\\\navailable/)
    assert.match(text, /It took 2\.3 s, after 1\.4 s to start\./)
  })

  it('as text: every line by itself', () => {
    const lines = renderRehearsalText(report).split('\n')
    assert.equal(lines[0], 'Rehearsal: failed')
    assert.ok(lines.includes('  start-up     1.4 s'))
    assert.ok(lines.includes('  up           failed, 0.1 s'))
    assert.ok(lines.includes('  failed       Up, step 1, Add "x" to "a|b": It wrote "a|b" anew.'))
    assert.ok(lines.includes('  not loaded   EXTENSION pos|tgis: not\\navailable'))
    assert.ok(lines.includes('  not proven   What the "weather" does.'))
  })
})
