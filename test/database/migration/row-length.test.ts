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
      judged.refusals.find(({ model }) => model === 'Exceeds')?.reason.split(', so')[0],
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
})

/** `, c1 bigint, c2 bigint`. */
function listOf(columns: number, definition: string): string {
  return Array.from({ length: columns }, (_, index) => `, c${index + 1} ${definition}`).join('')
}
