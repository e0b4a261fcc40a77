import { limitsOf } from '../../../server/src/migration/rehearsal/limits'
import type { RehearsalReport } from '../../../server/src/migration/rehearsal/model'
import { inPlainEnglish, phrase, phraseIn } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { ForeignKey } from '../../../server/src/database/model'
import { describeProgram } from '../../../server/src/backup/backup-way'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { nativeWay } from '../../../server/src/backup/native/native-way'
import { differencesOfContents } from '../../../server/src/backup/proof/compare-contents'
import { OBJECT_KINDS, type DatabaseObject } from '../../../server/src/backup/contents/model'
import { describeForeignKeyLine, describeTriggerLine } from '../../../server/src/editor/describe-model'
import { coverageMarkdown } from '../../../server/src/report/coverage-markdown'
import { coverageSvg } from '../../../server/src/report/coverage-svg'
import { modelNames } from '../../../server/src/migration/plan/model-names'
import { MIGRATION_FILE, recordStep } from '../../../server/src/migration/history/record-step'
import { phraseOfFigures, planFigures } from '../../../server/src/migration/render/plan-figures'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderRehearsal } from '../../../server/src/migration/render/rehearsal'
import { reportOf } from '../../../server/src/commands/verify'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { createTranslate, type Translate } from '../../../server/src/text/translate'
import { tableOf, triggerOf } from '../audit/database-builder'
import { LEAD, plan, table, USER } from '../migration/project'

const NOWHERE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

const KEY: ForeignKey = {
  ...{ name: 'x', columns: ['x'], referencedSchema: 'x', referencedTable: 'x', referencedColumns: ['x'] },
  ...{ onDelete: 'SET NULL', onUpdate: 'CASCADE', deferrable: false, validated: false },
}

const PG_DUMP = { path: '/a', restorePath: '/b', version: '15.18', major: 15 }

/** A language without words: what is left of a document did not go through it. */
const wordless: Translate = (_, ...values) => values.join(' ')

describe('a document that the editor opens', () => {
  const bundle = fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')
  const german = createTranslate(JSON.parse(bundle) as Record<string, string>, 'de')
  const tables = [table('User'), table('Lead', { estimatedRows: 25_000, canAlter: false })]
  const made = plan({ tables })
  const unfit = plan({ tables: [table('User'), table('Lead', { kind: 'view' })] })
  const models = modelNames(parseSchema([{ path: 'schema.prisma', text: USER + LEAD }]), 'public')
  const record = recordStep({ name: '1', files: { [MIGRATION_FILE]: '' } }, 'public')
  const history = { form: 'prisma', folder: 'f', migrations: ['1'], steps: [...made.steps, record] } as const
  const target = { url: 'postgresql://x/x', label: 'x' }
  const report = {
    ...{ database: 'x', passed: 1, failed: 1, skipped: 1, notProven: 1 },
    results: (['pass', 'fail', 'skipped'] as const).map((outcome) => ({
      check: { title: 'The trigger x is enabled', sql: '', expected: 'x', mode: 'read' as const },
      ...{ outcome, found: 'x' },
    })),
  }

  const place = { kind: 'embedded', label: phrase``, serverVersion: '18.3' } as const
  const steps = (['passed', 'failed', 'already there', 'skipped', 'not reached'] as const).map((outcome) => ({
    ...{ id: outcome, title: 'Fill x', outcome, claimed: { mode: 'SHARE', tables: ['x'], rewrites: true } },
    ...{ up: [{ sql: '', locks: null, rewrites: ['x'] }], down: [] },
  }))
  const rehearsal: RehearsalReport = {
    ...{ outcome: 'failed', place, databaseVersion: '15', structure: { loaded: 1, notLoaded: [] }, rows: [], steps },
    ...{ passes: [], checks: [], wayBack: { difference: { object: 'x', before: 'x', after: 'x' } } },
    failures: [{ kind: 'statement', pass: 'up', stepId: 'failed', message: phrase`the first user`, sql: null }],
    notProven: limitsOf({
      ...{ place, onlySchemas: ['x'], steps: made.steps.slice(0, 1), rehearsed: steps, unprovenChecks: [] },
      real: { serverVersion: '15', identity: '', extensions: [], roles: [], tables: [] },
      skipped: new Map(made.steps.slice(0, 1).map(({ id }) => [id, phrase`the first user`])),
      rows: [{ table: 'x', rows: 0, reason: phrase`the first user` }],
    }),
    milliseconds: { startUp: 3_900, dump: 1, rehearsal: 2_400, total: 6_301 },
  }
  const found = {
    code: 'drop-table',
    severity: 'warning',
    message: '',
    advice: '',
    phrases: [phrase`the first user`],
  } as const

  it('has no words of ours but those that are translated', () => {
    const lint = made.steps.slice(0, 1).map(({ id: step }) => ({ step, ...found }))
    const options = { databaseLabel: 'x', models, history, lint, rehearsal, t: wordless }
    const preview = renderPreview(made, { ...options, form: 'folded' })
    assert.deepEqual(
      wordsOf(
        preview,
        /^(?:ACCESS|EXCLUSIVE|ROW|SHARE|UPDATE|Lead\w*|User|app|actor|drop|table|column|precondition|public|users|exist|_prisma_migrations|PostgreSQL|CONCURRENTLY|ownerId|update\w*)$/,
      ),
      [],
    )
    assert.ok(made.warnings.length > 0 && unfit.refusals.length > 0)
    assert.deepEqual(
      wordsOf(renderPreview({ ...unfit, steps: [] }, { databaseLabel: 'x', models, t: wordless }), /^Lead$/),
      [],
    )
    assert.deepEqual(wordsOf(reportOf(target, report, wordless).folded, /^(?:PASS|FAIL|SKIP)$/), [])
  })

  it('has none of coverage, of a hover and of a proof either', () => {
    const cell = { field: 'updatedAt', filledBy: [], why: null, range: NOWHERE } as const
    const parts = [
      { name: 'index', state: 'missing' },
      { name: 'trigger', state: 'faulty' },
    ] as const
    const states = ['complete', 'partial', 'missing', 'unknown', 'ignored', 'not required'] as const
    const covered = states.map((state) => ({
      name: 'x',
      file: 'x',
      range: NOWHERE,
      cells: [{ ...cell, state, parts }],
    }))
    const coverage = { fields: ['updatedAt'], models: covered } as const
    assert.deepEqual(wordsOf(coverageMarkdown('x', coverage, wordless), /^updatedAt$/), [])
    assert.deepEqual(wordsOf(coverageSvg('x', coverage, wordless).replace(/<[^>]*>/g, ' '), /^updatedAt$/), [])
    const lead = tableOf('Lead', ['id integer not null'], {
      triggers: [triggerOf('x', 'x', { state: 'D' })],
      foreignKeys: [KEY],
    })
    const lines = [
      ...lead.triggers.map((trigger) => describeTriggerLine(wordless, trigger)),
      ...lead.foreignKeys.map((key) => describeForeignKeyLine(wordless, key)),
    ]
    assert.deepEqual(wordsOf(lines.join('\n').replace(/`[^`]*`/g, ''), /^id$/), [])
    const contents = (rows: number, objects: readonly DatabaseObject[]) => ({
      ...{ serverMajor: 15, tables: [{ name: 'x', rows, hash: 'x' }], objects, sequences: [] },
      largeObjects: { count: rows, hash: 'x' },
    })
    const objects = OBJECT_KINDS.map((kind) => ({ kind, name: 'x', fingerprint: 'x' }))
    const found = differencesOfContents(contents(1, objects), contents(2, []), {
      scope: 'database',
      withoutOwners: false,
    })
    assert.equal(found.length, OBJECT_KINDS.length + 1)
    for (const difference of found) assert.deepEqual(wordsOf(phraseIn(wordless, difference), /^x$/), [])
  })

  it('names tools, figures and times as the language does', () => {
    const names = [BUILT_IN_WAY, EXPORT_WAY, nativeWay(PG_DUMP, 4), nativeWay(PG_DUMP, 1)].map(({ tool }) => tool)
    assert.deepEqual(
      names.map(({ name }) => phraseIn(german, phrase`Dumping ${'crm'} with ${name}`)),
      ['pg_dump 18.3 (eingebaut)', 'COPY-Export', 'pg_dump 15.18 (4 Jobs)', 'pg_dump 15.18'].map(
        (tool) => `crm wird mit ${tool} gesichert`,
      ),
    )
    assert.deepEqual(names.map(describeProgram), [
      ...['built-in pg_dump 18.3', 'export by COPY', 'pg_dump 15.18 with 4 jobs (/a)', 'pg_dump 15.18 (/a)'],
    ])
    const many = { steps: Array.from({ length: 1_065 }, () => made.steps[0]!) }
    const figures = planFigures({ plan: made, models, history: many })
    assert.match(figures, /^1 model, 1,065 steps, /)
    assert.match(phraseIn(german, phraseOfFigures(figures)), /^1 Modell, 1\.065 Schritte, \d+ Warnung(?:en)?$/)
    assert.equal(inPlainEnglish(phraseOfFigures(figures)), figures)
    assert.match(renderRehearsal(rehearsal, german), /Es dauerte 2,4 s, nach 3,9 s für den Start\./)
  })

  it('is German where the editor is', () => {
    const preview = renderPreview(made, { databaseLabel: 'crm auf db', models, history, t: german })
    assert.match(preview, /^# Migration von crm auf db\n/)
    assert.match(
      preview,
      /\| 5 \| Lead\.ownerId mit dem ersten Benutzer füllen \| ROW EXCLUSIVE, Zeilensperren, ein Teil nach dem anderen \| unter einer Sekunde \|/,
    )
    assert.match(preview, /- Zeilen: liest die Tabelle, etwa 25\.000 Zeilen\n/)
    assert.match(
      preview,
      /\n- Der aktuellen Rolle gehört Lead nicht: Die Migration wird abgelehnt werden, bevor sie etwas ändert\./,
    )
    const refused = renderPreview(unfit, { databaseLabel: 'x', models, t: german })
    assert.match(refused, /\n- \*\*Lead\*\*: Lead ist eine Sicht; ihre Spalten kommen aus ihrer Abfrage\./)
    const document = reportOf(target, report, german).folded
    assert.match(
      document,
      /^# Verifizierung von x auf x:5432\n\n1 bestanden, 1 fehlgeschlagen, 1 übersprungen, 1 davon nicht nachgewiesen\./,
    )
    assert.match(document, /\| PASS \| 1 \| Der Trigger x ist aktiv \| x \| x \|/)
  })
})

function wordsOf(document: string, names: RegExp): string[] {
  const prose = document.replace(/```[^]*?```|<\/?\w+>/g, '')
  return [...new Set([...prose.matchAll(/[\p{L}_]{2,}/gu)].map(([word]) => word))].filter((word) => !names.test(word))
}
