import assert from 'node:assert/strict'
import { statusTooltip, statusWords } from '../../../client/src/status/status-text'
import { withUniqueNames } from '../../../client/src/status/unique-names'
import { activityOf } from '../../../client/src/status/activity'
import type { ChecklistStage, ProjectStatus, StageName } from '../../../protocol/src/index'
import { inEnglish } from '../../../server/src/text/translate'

const IN_STEP: ProjectStatus = {
  rootUri: 'file:///w/backend',
  schemaUri: 'file:///w/backend/prisma/schema.prisma',
  documentUri: 'file:///w/backend/prisma/schema.prisma',
  name: 'backend',
  isPostgresql: true,
  policy: 'valid',
  hasUnfinishedMigration: false,
  connection: 'connected',
  databaseLabel: 'crm on localhost:5432',
  environment: 'local',
  isReadOnly: false,
  detail: 'DATABASE_URL in .env',
  catalogReadAt: 1,
  findings: { error: 0, warning: 0, information: 0, hint: 0 },
}
const FINDINGS = { error: 1, warning: 2, information: 3, hint: 4 }

describe('the status bar says', () => {
  const cases: readonly (readonly [string, Partial<ProjectStatus>, string])[] = [
    ['that all is well', {}, '$(check) Prisma Audit: in sync'],
    [
      'that the schema is for another database',
      { isPostgresql: false, connection: 'none' },
      '$(circle-slash) Prisma Audit: not PostgreSQL',
    ],
    ['that there is no policy', { policy: 'none' }, '$(check) Prisma Audit: in sync, no policy'],
    ['how many problems the panel lists', { findings: FINDINGS }, '$(error) Prisma Audit: 6 findings'],
    ['one', { findings: { ...FINDINGS, error: 0, warning: 1, information: 0 } }, '$(warning) Prisma Audit: 1 finding'],
    [
      'that one is a note',
      { findings: { ...FINDINGS, error: 0, warning: 0, information: 1 } },
      '$(info) Prisma Audit: 1 finding',
    ],
    ['that hints are none', { findings: { ...IN_STEP.findings, hint: 5 } }, '$(check) Prisma Audit: in sync'],
    ['that it is checking', { catalogReadAt: null }, '$(sync~spin) Prisma Audit: checking'],
    [
      'offline',
      { connection: 'unreachable', findings: FINDINGS },
      '$(debug-disconnect) Prisma Audit: offline, 6 findings',
    ],
    ['that a login or a URL is rejected', { connection: 'refused' }, '$(warning) Prisma Audit: cannot connect'],
    ['no database', { connection: 'none' }, '$(debug-disconnect) Prisma Audit: no database'],
    ['policy invalid', { policy: 'invalid', connection: 'none' }, '$(error) Prisma Audit: policy invalid'],
    [
      'policy invalid, not its own errors as if they were all findings',
      { policy: 'invalid', findings: { ...IN_STEP.findings, error: 1 } },
      '$(error) Prisma Audit: policy invalid',
    ],
    ['migration unfinished', { hasUnfinishedMigration: true }, '$(warning) Prisma Audit: migration unfinished'],
    ['not trusted', { connection: 'untrusted', policy: 'invalid' }, '$(shield) Prisma Audit: workspace not trusted'],
  ]
  for (const [name, change, expected] of cases) {
    it(name, () => {
      const words = statusWords(inEnglish, { ...IN_STEP, ...change }, { count: 1, isComplete: true })
      assert.equal(words.text, `${expected} · local`)
      assert.equal(
        words.label,
        `Prisma Audit, crm on localhost:5432, local: ${expected.replace(/^.*Prisma Audit: /, '')}`,
      )
    })
  }

  it('what a command is doing, and of a run its stage, whatever else there is to say', () => {
    const stage = (name: StageName, state: ChecklistStage['state']): ChecklistStage => ({
      ...{ name, state, detail: '', startedAt: null, endedAt: null },
    })
    const list = { end: null, stages: [stage('backup', 'done'), stage('migrate', 'running')] }
    const ended = { ...list, end: { status: 'failed', message: '' } as const }
    const text = (...of: Parameters<typeof activityOf>) => {
      const surroundings = { count: 1, isComplete: true, activity: activityOf(...of) }
      return statusWords(inEnglish, { ...IN_STEP, hasUnfinishedMigration: true }, surroundings)
    }
    const guided = { command: 'guided', isWaiting: false } as const
    assert.deepEqual(text(guided, list), {
      text: '$(sync~spin) Prisma Audit: migrating · local',
      label: 'Prisma Audit, crm on localhost:5432, local: migrating',
      isAlarming: false,
    })
    assert.equal(
      text({ ...guided, isWaiting: true }, list).text,
      '$(question) Prisma Audit: waiting for confirmation · local',
    )
    // The checklist is one of before until the run has begun its own.
    assert.equal(text(guided, ended).text, '$(sync~spin) Prisma Audit: checking · local')
    assert.equal(
      text({ command: 'backup', isWaiting: false }, list).text,
      '$(sync~spin) Prisma Audit: backing up · local',
    )
    for (const other of [undefined, { command: 'setEnvironment', isWaiting: false } as const])
      assert.equal(text(other, list).text, '$(warning) Prisma Audit: migration unfinished · local')
  })

  it('which of several projects it means, and what is there before one is chosen', () => {
    const text = (project: ProjectStatus | undefined, count: number, isComplete = true) =>
      statusWords(inEnglish, project, { count, isComplete }).text
    assert.equal(text({ ...IN_STEP, name: 'a$(x)' }, 2), '$(check) Prisma Audit (a$ (x)): in sync · local')
    assert.equal(text(undefined, 0, false), '$(sync~spin) Prisma Audit: checking')
    assert.equal(text(undefined, 0), '$(circle-slash) Prisma Audit: no Prisma schema')
    assert.equal(text(undefined, 3), '$(project) Prisma Audit: 3 projects')
  })

  it('more in the tooltip, in which foreign words stay words', () => {
    const detail = 'No [x](command:y) <b> https://a.example\nsecond line'
    const tooltip = statusTooltip(inEnglish, { ...IN_STEP, detail, connection: 'none', findings: FINDINGS })
    assert.ok(!tooltip.includes('&nbsp;'))
    assert.ok(tooltip.includes('No \\[x\\]\\(command\\:y\\) \\<b\\> https\\:\\/\\/a\\.example\n\nsecond line'), tooltip)
    assert.ok(tooltip.includes('Findings: 1 error, 2 warnings, 3 information.'))
    assert.deepEqual(
      [...tooltip.matchAll(/\]\(command:([\w.]+)\)/g)].map(([, command]) => command),
      ['prismaAudit.setEnvironment', 'prismaAudit.connect', 'workbench.actions.view.problems'],
    )
  })

  it('no connection to offer for a schema that is for another database', () => {
    const tooltip = (isPostgresql: boolean) =>
      statusTooltip(inEnglish, { ...IN_STEP, isPostgresql, connection: 'none' })
    assert.match(tooltip(true), /prismaAudit\.connect/)
    assert.doesNotMatch(tooltip(false), /prismaAudit\.connect/)
  })

  it('what the database is, in words: nobody has to see a colour', () => {
    const text = (change: Partial<ProjectStatus>) =>
      statusWords(inEnglish, { ...IN_STEP, ...change }, { count: 1, isComplete: true })
    const production = text({ environment: 'production', isReadOnly: true })
    assert.equal(production.text, '$(check) Prisma Audit: in sync · production, read-only')
    assert.equal(production.label, 'Prisma Audit, crm on localhost:5432, production, read-only: in sync')
    assert.equal(text({ environment: 'remote' }).text, '$(check) Prisma Audit: in sync · remote')
    assert.equal(text({ environment: null, databaseLabel: '' }).text, '$(check) Prisma Audit: in sync')
    assert.match(statusTooltip(inEnglish, { ...IN_STEP, environment: 'remote' }), /Environment: remote, not set/)
    assert.match(
      statusTooltip(inEnglish, { ...IN_STEP, isReadOnly: true }),
      /Read-only: commands that write are refused/,
    )
  })

  it('which project it is, where several are called alike', () => {
    const schemas = ['a/crm/prisma/schema.prisma', 'b/crm/prisma/crm.prisma', 'b/crm/prisma/billing%20now.prisma']
    const alike = schemas.map((schema) => ({ ...IN_STEP, name: 'crm', schemaUri: `file:///w/${schema}` }))
    assert.deepEqual(
      withUniqueNames([...alike, IN_STEP]).map(({ name }) => name),
      ['crm (a/crm/prisma)', 'crm (b/crm/prisma/crm.prisma)', 'crm (b/crm/prisma/billing now.prisma)', 'backend'],
    )
    assert.deepEqual(
      withUniqueNames(alike.slice(1)).map(({ name }) => name),
      ['crm (crm.prisma)', 'crm (billing now.prisma)'],
    )
  })
})
