import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { withClient } from '../../../server/src/database/connect'
import { fingerprint } from '../../../server/src/database/fingerprint'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { usePostgres } from '../../support/postgres'

describe('readCatalog on PGlite', function () {
  this.timeout(600_000)
  const server = usePostgres()

  it('reads the same as from a server', async () => {
    const sql = `CREATE TYPE "Role" AS ENUM ('ADMIN', 'USER');
      CREATE TABLE "User" (id serial PRIMARY KEY, email text UNIQUE, role "Role" NOT NULL DEFAULT 'USER', "updatedAt" timestamp(3) NOT NULL DEFAULT now());
      CREATE TABLE "Lead" (id serial PRIMARY KEY, "ownerId" int REFERENCES "User" ON DELETE SET NULL CHECK ("ownerId" > 0));
      CREATE INDEX ON "Lead" ("ownerId") WHERE "ownerId" > 3;
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER touched BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch()`
    const real = await server.createDatabase(sql)
    const db = await PGlite.create()
    const socket = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1' })
    const listening = once(socket, 'listening') as Promise<[CustomEvent<{ port: number }>]>
    await db.exec(sql)
    await socket.start()
    const [{ detail }] = await listening
    try {
      const url = `postgresql://postgres:any@127.0.0.1:${String(detail.port)}/postgres?sslmode=disable`
      await withClient(url, {}, async (client) => {
        const model = await readCatalog(client, { schemas: ['public'] })
        const expected = await withClient(real.url, {}, (other) => readCatalog(other, { schemas: ['public'] }))
        assert.deepEqual(model.tables, expected.tables)
        assert.deepEqual(model.enums, expected.enums)
        assert.deepEqual(model.sequences, expected.sequences)
        assert.deepEqual(model.triggerFunctions, expected.triggerFunctions)
        const before = await fingerprint(client, ['public'])
        assert.deepEqual(await fingerprint(client, ['public'], before), before)
        await client.query('ALTER TABLE public."Lead" ADD COLUMN n int')
        assert.notEqual((await fingerprint(client, ['public'], before))?.text, before?.text)
      })
    } finally {
      await socket.stop()
      await db.close()
    }
  })
})
