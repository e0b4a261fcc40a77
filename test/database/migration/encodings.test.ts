import { said } from '../../support/said'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { join } from 'node:path'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { judgeSurroundings, tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { backUpTo, useFolder } from '../backup/support'
import { drift } from '../compare/compare-support'
import { dump } from './support/dump'
import { createProject } from './support/project'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id String @id
}
model Lead {
  id String @id
  note String @default("naïve")
  @@map("Größe")
}
`

const POLICY = { rules: [{ models: ['Lead'], require: ['updatedAt', 'updatedBy', 'ownerId'] }] }

const RAW_NOTE = `INSERT INTO "Größe" (id, note) SELECT 'raw', convert_from('\\x636166e9', 'SQL_ASCII')`

/** How a database is made, and what differs in it. */
const DATABASES: Readonly<Record<string, readonly [options: string, sql: string]>> = {
  LATIN1: [`ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`, ''],
  'SQL_ASCII with bytes that are no UTF-8': [`ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`, RAW_NOTE],
  'a collation of ICU': [
    `ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-u-co-phonebk' LC_COLLATE 'C' LC_CTYPE 'C'`,
    '',
  ],
  'keys for which upper and lower case are equal': [
    `ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    `CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
     ALTER TABLE "Größe" ALTER id TYPE text COLLATE any_case; ALTER TABLE "User" ALTER id TYPE text COLLATE any_case`,
  ],
}

describe('databases of other encodings and collations', () => {
  const server = usePostgres()
  const folder = useFolder()

  for (const [label, [databaseOptions, sql]] of Object.entries(DATABASES)) {
    it(`${label}: up, writes, backups, down and up lose nothing`, async function () {
      this.timeout(600_000)
      const project = await createProject(server, {
        ...{ schema: SCHEMA, policy: POLICY, databaseOptions },
        sql: `${sql}; INSERT INTO "User" VALUES ('ä'), ('b'), ('Z'), ('é');
          INSERT INTO "Größe" (id) SELECT 'é' || i FROM generate_series(1, 2500) AS i; INSERT INTO "Größe" VALUES ('a1'), ('B2')`,
      })
      const { database, url } = project
      const version = async () =>
        Number((await database.query(`SELECT current_setting('server_version_num') AS version`))[0]?.version)
      const before = await dump(database, server)
      assert.deepEqual(await drift(SCHEMA, url), [])
      if (label.startsWith('keys') && (await version()) >= 180_000) {
        // From PostgreSQL 18 on a foreign key wants the collation of the key, which the new column has not.
        const plan = await project.plan()
        const around = await withClient(url, {}, (client) => readSurroundings(client, tablesOfPlan(plan)))
        const { refusals } = judgeSurroundings(plan, around)
        assert.match(
          said(refusals[0]?.reason),
          /^User\.id has the nondeterministic collation public\.any_case\..* COLLATE public\.any_case/,
        )
        assert.equal(refusals.length, 2)
        await assert.rejects(runPlan({ url, plan }), { code: 'step-failed' })
        await rollBack({ url })
        assert.equal(await dump(database, server), before)
        return
      }
      await runPlan({ url, plan: await project.plan() })
      await database.query(`UPDATE "Größe" SET "ownerId" = 'é' WHERE id IN ('a1', 'b2', 'B2', 'raw', 'é1234')`)
      const rows = () =>
        database.query(
          `SELECT md5(string_agg(md5(textsend(id) || textsend("ownerId")), '' ORDER BY textsend(id))) FROM "Größe"`,
        )
      const written = await rows()
      for (const way of [undefined, BUILT_IN_WAY, EXPORT_WAY]) {
        const backup = backUpTo(folder(), url, { ...(way === undefined ? {} : { way }), level: 2, now: new Date() })
        // Which is what makes a backup, too, where no pg_dump of the server's version is.
        const isBuiltIn =
          way === BUILT_IN_WAY || (way === undefined && !fs.existsSync(join(server.binFolder, 'pg_dump')))
        if (isBuiltIn && sql === RAW_NOTE) {
          // It keeps a dump as text.
          await assert.rejects(backup, { code: 'backup-failed' })
          assert.deepEqual(
            fs.readdirSync(folder()).filter((name) => name.endsWith('.sql')),
            [],
          )
          continue
        }
        const { path, tool } = await backup
        const target = await server.createDatabase({ options: databaseOptions })
        const { comparison } = await restoreBackup({ path, url: target.url, environment: process.env })
        assert.deepEqual(comparison?.differences, [], tool)
        await target.drop()
      }
      await rollBack({ url })
      await runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
      assert.deepEqual(await rows(), written)
      await rollBack({ url, dropData: true })
      await database.query('DROP SCHEMA IF EXISTS prisma_audit_kept CASCADE')
      assert.equal(await dump(database, server), before)
      if (sql === RAW_NOTE) {
        await database.query(`INSERT INTO "Größe" (id) SELECT convert_from('\\x636166e9', 'SQL_ASCII')`)
        await assert.rejects(runPlan({ url, plan: await project.plan() }), { code: 'keys-not-readable' })
      }
      await database.drop()
    })
  }
})
