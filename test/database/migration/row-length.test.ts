import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { judgeSurroundings, tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

describe('the length of rows', () => {
  const server = usePostgres()

  it('refuses rows longer than a page, to the byte, where that is certain; and warns where it is possible', async () => {
    const long = 'bigint NOT NULL DEFAULT 1'
    const tables: readonly (readonly [name: string, columns: number, definition: string, more: string])[] = [
      ['Fits', 1015, long, ''],
      ['Exceeds', 1016, long, ''],
      // Without the one that is dropped, it would fit.
      ['Dropped', 1000, long, ', gone int'],
      ['DroppedFits', 999, long, ', gone int'],
      // While the first of two columns is filled, the other is NULL.
      ['Filled', 999, long, ''],
      ['FilledFits', 998, long, ''],
      // Nobody knows whether its columns have values.
      ['Nullable', 1016, 'bigint', ''],
      ['Texts', 500, `text NOT NULL DEFAULT ''`, ''],
      ['Few', 400, 'bigint', ', t text'],
    ]
    const isFilled = (name: string) => name.startsWith('Filled')
    const names = [...tables.map(([name]) => name), 'Parted', 'PartedFits']
    const project = await createProject(server, {
      schema: ['User', ...names].reduce(
        (text, name) => `${text}model ${name} {\n  id BigInt @id\n}\n`,
        'datasource db {\n  provider = "postgresql"\n}\n',
      ),
      ddl: [
        'CREATE TABLE "User" (id int PRIMARY KEY); INSERT INTO "User" VALUES (1)',
        ...tables.map(
          ([name, columns, definition, more]) =>
            `CREATE TABLE "${name}" (id bigint PRIMARY KEY${listOf(columns, definition)}${more}); INSERT INTO "${name}" VALUES (1)`,
        ),
        'ALTER TABLE "Dropped" DROP gone; ALTER TABLE "DroppedFits" DROP gone',
        // What the table lost, its partition never had.
        ...[
          ['Parted', 1016],
          ['PartedFits', 1015],
        ].map(
          ([name, columns]) =>
            `CREATE TABLE "${name}" (id bigint PRIMARY KEY${listOf(Number(columns), long)}, gone int) PARTITION BY HASH (id);
             ALTER TABLE "${name}" DROP gone; CREATE TABLE "${name} 1" PARTITION OF "${name}" FOR VALUES WITH (MODULUS 1, REMAINDER 0);
             INSERT INTO "${name}" VALUES (1)`,
        ),
      ].join(';\n'),
      policy: {
        rules: [
          { models: names.filter((name) => !isFilled(name)), require: ['updatedAt'] },
          { models: names.filter(isFilled), require: ['updatedAt', 'updatedBy', 'ownerId'] },
        ],
      },
    })
    const plan = await project.plan()
    const around = await withClient(project.url, {}, (client) => readSurroundings(client, tablesOfPlan(plan)))
    const judged = judgeSurroundings(plan, around)
    const refused = ['Dropped', 'Exceeds', 'Filled', 'Parted']
    assert.deepEqual(
      judged.refusals.map(({ code, object, model }) => [code, object, model]).sort(),
      refused.map((name) => ['table-unfit', 'columns', name]),
    )
    assert.deepEqual(
      said(judged.refusals.find(({ model }) => model === 'Exceeds')?.reason).split(', so')[0],
      'A row of Exceeds would take at least 8,168 bytes with the new columns, and PostgreSQL allows 8,160',
    )
    assert.deepEqual(judged.warnings.flatMap(({ code, object }) => (code === 'row-too-long' ? [object] : [])).sort(), [
      '"public"."Nullable"',
      '"public"."Texts"',
    ])
    // As PostgreSQL says itself.
    for (const name of names) {
      const wrote = project.database
        .query(`BEGIN; ALTER TABLE "${name}" ADD "updatedAt" timestamp(3) NOT NULL DEFAULT now()
        ${isFilled(name) ? ', ADD "updatedBy" int, ADD "ownerId" int' : ''};
        UPDATE "${name}" SET ${isFilled(name) ? '"updatedBy" = 1' : '"updatedAt" = now()'}; ROLLBACK`)
      if (refused.includes(name)) await assert.rejects(wrote, { code: '54000', message: /^row is too big/ }, name)
      else await wrote
    }
  })

  // The columns of a table, again and again, as many as fit and one more. The shortest row that its NOT NULL columns
  // allow decides whether it is refused, the longest whether it is warned of: one with a NULL, which costs a bit for
  // each column.
  const LAYOUTS: readonly (readonly [columns: readonly string[], fits: number, row: 'shortest' | 'longest'])[] = [
    [['smallint', 'bigint'], 1015, 'shortest'],
    [['boolean', 'int', 'bigint'], 1523, 'shortest'],
    [['boolean', 'uuid', 'int'], 1015, 'shortest'],
    [['text', 'bigint'], 1015, 'shortest'],
    [['text STORAGE', 'bigint'], 1015, 'shortest'],
    [['text'], 337, 'longest'],
    // Compressed to 24 bytes, and then aligned.
    [['boolean', 'text'], 575, 'longest'],
  ]

  it('knows how PostgreSQL aligns values', async () => {
    const names = LAYOUTS.flatMap((_, index) => [`Fits${String(index)}`, `Exceeds${String(index)}`])
    const rows = names.map((name, index) => {
      const [columns, fits, row] = LAYOUTS[Math.floor(index / 2)] ?? [[], 0, 'shortest']
      const types = Array.from({ length: fits + (index % 2) }, (__, place) => columns[place % columns.length] ?? '')
      return { name, types, isShortest: row === 'shortest' }
    })
    const project = await createProject(server, {
      schema: ['User', ...names, 'Parted'].reduce(
        (text, name) => `${text}model ${name} {\n  id BigInt @id\n}\n`,
        'datasource db {\n  provider = "postgresql"\n}\n',
      ),
      ddl: [
        'CREATE TABLE "User" (id int PRIMARY KEY); INSERT INTO "User" VALUES (1)',
        ...rows.map(
          ({ name, types, isShortest }) =>
            `CREATE TABLE "${name}" (id bigint PRIMARY KEY${types
              .map(
                (type, place) =>
                  `, c${String(place + 1)} ${type.replace(' STORAGE', '')}${isShortest ? ' NOT NULL' : ''}`,
              )
              .join('')})`,
        ),
        ...rows.flatMap(({ name, types }) =>
          types.flatMap((type, place) =>
            type.endsWith(' STORAGE') ? [`ALTER TABLE "${name}" ALTER c${String(place + 1)} SET STORAGE plain`] : [],
          ),
        ),
        // Its partition has the narrow columns side by side.
        `CREATE TABLE "Parted" (id bigint PRIMARY KEY${rows[1]?.types.map((type, place) => `, c${String(place)} ${type} NOT NULL`).join('') ?? ''}) PARTITION BY HASH (id)`,
        `CREATE TABLE "Part" (id bigint NOT NULL${
          rows[1]?.types
            .map((type, place) => `, c${String(place)} ${type} NOT NULL`)
            .toSorted((left, right) => Number(right.includes('smallint')) - Number(left.includes('smallint')))
            .join('') ?? ''
        })`,
        'ALTER TABLE "Parted" ATTACH PARTITION "Part" FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
      ].join(';\n'),
      policy: { rules: [{ models: [...names, 'Parted'], require: ['updatedAt'] }] },
    })
    const plan = await project.plan()
    const around = await withClient(project.url, {}, (client) => readSurroundings(client, tablesOfPlan(plan)))
    const { refusals, warnings } = judgeSurroundings(plan, around)
    const isOf = (name: string) => (found: { model?: string | null; object?: string | null }) =>
      found.model === name || found.object === `"public"."${name}"`
    assert.deepEqual(refusals.filter(isOf('Parted')), [])
    for (const { name, types, isShortest } of rows) {
      const isRefused = refusals.some(isOf(name))
      const isWarned = warnings.some((warning) => warning.code === 'row-too-long' && isOf(name)(warning))
      const values = types
        .map((type, place) => (isShortest ? LEAST[type] : place === 0 ? 'NULL' : MOST[type]) ?? '1')
        .join(', ')
      const wrote = project.database
        .query(`BEGIN; ALTER TABLE "${name}" ADD "updatedAt" timestamp(3) NOT NULL DEFAULT now();
        INSERT INTO "${name}" VALUES (1, ${values}, now()); ROLLBACK`)
      const isExceeding = name.startsWith('Exceeds')
      if (isExceeding) await assert.rejects(wrote, { code: '54000', message: /^row is too big/ }, name)
      else await wrote
      if (isShortest) assert.equal(isRefused, isExceeding, name)
      else assert.deepEqual([isRefused, isWarned], [false, isExceeding], name)
    }
  })
})

const LEAST: Readonly<Record<string, string>> = {
  ...{ boolean: 'true', text: "''", 'text STORAGE': "''", uuid: "'00000000-0000-0000-0000-000000000000'" },
}
const MOST: Readonly<Record<string, string>> = { boolean: 'true', text: "repeat('a', 1100)" }

/** `, c1 bigint, c2 bigint`. */
function listOf(columns: number, definition: string): string {
  return Array.from({ length: columns }, (_, index) => `, c${index + 1} ${definition}`).join('')
}
