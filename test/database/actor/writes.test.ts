import assert from 'node:assert/strict'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { findPgBouncer, startPgBouncer } from '../migration/support/pgbouncer'
import { makeProject, type ActorProject } from './project'
import { connect, makeDatabase, type ActorClient, type Connected } from './database'
import { randomWrite } from './random-writes'
import { WRITES } from './writes'

/** Every write of the database is seen by triggers, so none that the extension misses can hide behind an answer. */
describe('actor: who did it', () => {
  const server = usePostgres()
  let project: ActorProject
  let database: TestDatabase
  let connected: Connected

  before(async () => {
    project = await makeProject()
    database = await makeDatabase(server)
    connected = await connect(project, database.url)
  })
  after(async () => {
    await connected.close()
    await database.drop()
    project.remove()
  })
  beforeEach(async () => {
    await writes()
  })

  /** What has been written since the last time. */
  const writes = async (): Promise<readonly Seen[]> =>
    (await connected.db.$queryRaw`DELETE FROM writes RETURNING "table", operation, actor, creator`) as unknown as Seen[]

  async function expectAll(actor: number, least: number): Promise<void> {
    const seen = await writes()
    assert.ok(seen.length >= least, `${String(seen.length)} writes`)
    const isNewLead = ({ table, operation }: Seen) => table === 'Lead' && operation === 'INSERT'
    assert.deepEqual(
      seen.filter((row) => row.actor !== actor || (isNewLead(row) && row.creator !== actor)),
      [],
    )
  }

  for (const [name, { run, rows }] of Object.entries(WRITES)) {
    it(name, async () => {
      const { db, withActor } = connected
      await run(db.$as(1), 'plain')
      await expectAll(1, rows)
      await withActor(2, () => run(db, 'context'))
      await expectAll(2, rows)
      await db.$as(3).$transaction([run(db, 'batch'), db.company.count(), run(db, 'batch 2')])
      await expectAll(3, 2 * rows)
      await withActor(4, () =>
        db.$transaction(async (tx: ActorClient) => {
          await run(tx, 'interactive')
          await Promise.all([run(tx.$as(4), 'interactive 2'), tx.company.count()])
        }),
      )
      await expectAll(4, 2 * rows)
      // Without a user nothing is written at all.
      await assert.rejects(Promise.resolve(run(db, 'nobody')), { name: 'ActorError' })
      await assert.rejects(db.$transaction([run(db.$as(5), 'failing'), run(db, 'failing 2')]), { name: 'ActorError' })
      assert.deepEqual(await writes(), [])
    })
  }

  it('random writes, nested three deep: what Prisma takes without the extension it takes with it, and each row is filled', async () => {
    const { db, plain, models } = connected
    let state = 1
    const below = (limit: number): number => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
      return (state >> 8) % limit
    }
    const undo = new Error('undone')
    let taken = 0
    for (let run = 0; run < RUNS; run++) {
      const { delegate, operation, args } = randomWrite(models, below)
      const user = 1 + below(17)
      const written: Seen[] = []
      const attempt = async (client: ActorClient): Promise<unknown> =>
        await client
          .$transaction(async (tx) => {
            await tx[delegate][operation](args)
            const seen = await tx.$queryRaw`DELETE FROM writes RETURNING "table", operation, actor, creator`
            written.push(...(seen as unknown as Seen[]))
            throw undo
          })
          .catch((error: unknown) => error)
      const error = await attempt(db.$as(user))
      const what = `${delegate}.${operation} ${JSON.stringify(args)}`
      if (error !== undo) {
        assert.notEqual(await attempt(plain), undo, `${what}: ${String(error)}`)
        continue
      }
      taken++
      // `connect` changes a row that has no data, and so no user.
      const others = written.filter(({ actor, operation: done }) => done === 'INSERT' || actor !== null)
      const isNewLead = ({ table, operation: done }: Seen) => table === 'Lead' && done === 'INSERT'
      const wrong = others.filter((row) => row.actor !== user || (isNewLead(row) && row.creator !== user))
      assert.deepEqual(wrong, [], what)
    }
    assert.ok(taken > RUNS / 2, `${String(taken)} of ${String(RUNS)} were taken`)
  })

  it("fills through a class that extends the client, as NestJS's does, in its own methods too", async () => {
    const { service, withActor } = connected
    await withActor(1, () => service.lead.create({ data: { name: 'service', tags: { create: { name: 'of it' } } } }))
    await withActor(1, () => service.rename('service'))
    await withActor(1, () => service.$transaction(async (tx) => tx.lead.create({ data: { name: 'within' } })))
    await expectAll(1, 4)
    await assert.rejects(service.rename('nobody'), { name: 'ActorError' })
  })

  it('takes what the application gives, in either form, and changes nothing of its arguments', async () => {
    const { db } = connected
    const as = db.$as(1)
    const given = async (data: object): Promise<unknown> => {
      const before = JSON.stringify(data)
      const { updatedById } = await as.lead.create({ data })
      assert.equal(JSON.stringify(data), before)
      return updatedById
    }
    assert.equal(await given({ name: 'x', updatedById: 2 }), 2)
    assert.equal(await given({ name: 'x', updatedById: null }), null)
    assert.equal(await given({ name: 'x', updatedById: undefined }), 1)
    assert.equal(await given({ name: 'x', updatedBy: { connect: { id: 3 } } }), 3)
    assert.equal(await given({ name: 'x', updatedBy: undefined }), 1)
    assert.equal(await given({ name: 'x', updatedBy: { connect: undefined } }), 1)
    assert.equal(await given(Object.freeze({ name: 'x', company: { create: { name: 'c' } } })), 1)
    assert.equal(await given(Object.create({ name: 'inherited', updatedById: 4 }) as object), 4)
    const changed = await as.lead.update({ where: { id: 1 }, data: { name: 'y', updatedBy: { disconnect: true } } })
    assert.equal(changed.updatedById, null)
    const through = await as.user.update({
      where: { id: 2 },
      data: { updatedLeads: { create: { name: 'theirs' } } },
      select: { updatedLeads: { where: { name: 'theirs' }, select: { updatedById: true, createdById: true } } },
    })
    assert.deepEqual(through.updatedLeads, [{ updatedById: 2, createdById: 1 }])
  })

  it('refuses what Prisma has no form for, and leaves alone what changes nothing', async () => {
    const { db } = connected
    const ownList = db.$as(1).user.update({
      where: { id: 2 },
      data: { updatedLeads: { updateMany: { where: {}, data: { name: 'z' } } } },
    })
    await assert.rejects(
      ownList,
      /User\.update: Lead\.updatedById cannot be filled: .* Write this row in a call of its/,
    )
    const theUser = db.$as(1).lead.update({ where: { id: 1 }, data: { updatedBy: { update: { name: 'z' } } } })
    await assert.rejects(theUser, { name: 'ActorError' })
    await writes()
    await db.tag.upsert({ where: { name: 'plain' }, create: { name: 'plain', updatedById: 1 }, update: {} })
    await db.lead.update({ where: { id: 1 }, data: {} })
    await db.lead.findMany({ include: { updatedBy: true } })
    assert.ok((await writes()).length <= 1)
  })

  it('a query that is awaited elsewhere keeps the user of the place that made it', async () => {
    const { db, withActor } = connected
    const made = withActor(1, () => db.lead.create({ data: { name: 'late' } }))
    const actors = await withActor(2, async () => [
      (await made).updatedById,
      (await withActor(3, () => db.lead.create({ data: { name: 'inner' } }))).updatedById,
      (await withActor(4, async () => db.lead.create({ data: { name: 'inner' } }))).updatedById,
      (await db.lead.create({ data: { name: 'outer' } })).updatedById,
      (
        await db
          .$as(5)
          .$as(1)
          .lead.create({ data: { name: 'last' } })
      ).updatedById,
      (
        await withActor(
          () => 5,
          () => db.lead.create({ data: { name: 'found later' } }),
        )
      ).updatedById,
    ])
    assert.deepEqual(actors, [1, 3, 4, 2, 1, 5])
    await withActor(2, () =>
      assert.rejects(withActor(null, async () => await db.lead.create({ data: { name: 'no' } }))),
    )
    const extended = db.$as(3).$extends({ name: 'another' })
    assert.equal((await extended.lead.create({ data: { name: 'extended' } })).updatedById, 3)
  })

  it('timers and generators keep the user who made them; extensions above and beneath write as he does', async () => {
    const { db, plain, withActor, auditActor } = connected
    const make = async (client = db): Promise<unknown> =>
      (await client.lead.create({ data: { name: 'x' } })).updatedById
    const later = withActor(1, () => new Promise((resolve) => setTimeout(() => resolve(make()), 1)))
    const rows = withActor(2, async function* () {
      yield await make()
      yield await make()
    })
    const seen: unknown[] = await withActor(3, () => Promise.all([later, make()]))
    await withActor(4, async () => {
      for await (const row of rows) seen.push(row)
    })
    assert.deepEqual(seen, [1, 3, 2, 2])

    const update = { where: { id: 1 }, data: { name: 'removed' } }
    const softDelete = { query: { lead: { delete: () => above.lead.update(update) } } }
    const above: ActorClient = db.$extends(softDelete)
    assert.equal((await above.$as(5).lead.delete({ where: { id: 1 } })).updatedById, 5)
    const named = ({ args, query }: { args: { data: object }; query: (args: object) => unknown }) =>
      query({ ...args, data: { ...args.data, name: 'beneath' } })
    const beneath = plain.$extends({ query: { $allModels: { create: named } } }).$extends(auditActor)
    const { name, updatedById } = await beneath.$as(6).lead.create({ data: { name: 'x' } })
    assert.deepEqual([name, updatedById], ['beneath', 6])
    const reader = db.$extends({ result: { lead: { shout: { needs: { name: true }, compute: () => 'X' } } } })
    assert.equal(await withActor(7, () => make(reader)), 7)
  })

  for (const through of ['directly', 'through PgBouncer in transaction mode'] as const) {
    it(`200 requests at once of 20 users over five connections, some failing, ${through}`, async function () {
      this.timeout(600_000)
      const program = findPgBouncer()
      if (through !== 'directly' && program === null) this.skip()
      const pooler =
        through === 'directly' || program === null
          ? null
          : await startPgBouncer(program, server, { mode: 'transaction', sessions: 3 })
      const busy = await connect(project, pooler?.through(database.url) ?? database.url)
      try {
        await database.query('TRUNCATE "Lead", writes CASCADE')
        const outcomes = await Promise.allSettled(
          Array.from({ length: 200 }, (_, index) => request(busy, (Math.floor(index / 10) % 20) + 1, index)),
        )
        assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 100)
        const wrong = await database.query(
          `SELECT * FROM writes WHERE actor IS NULL OR creator IS NULL AND "table" = 'Lead' OR coalesce(name, 'of ' || actor) <> 'of ' || actor`,
        )
        assert.deepEqual(wrong, [])
        const [kept] = await database.query(
          `SELECT count(*)::int AS rows, count(DISTINCT "updated_by")::int AS users FROM "Lead"`,
        )
        assert.deepEqual(kept, { rows: 160, users: 20 })
        const settings = await Promise.all(
          Array.from(
            { length: 20 },
            () => busy.db.$queryRaw`SELECT pg_catalog.current_setting('app.actor', true) AS actor`,
          ),
        )
        assert.ok(
          (settings as { actor: string | null }[][]).every(([row]) => !row?.actor),
          JSON.stringify(settings),
        )
      } finally {
        await busy.close()
        await pooler?.stop()
      }
    })
  }

  it('needs the client of a transaction to tell the database who acts', async () => {
    const { db, setDatabaseActor } = connected
    await assert.rejects(setDatabaseActor(db, 1), /needs the client of an interactive transaction/)
    await assert.rejects(
      db.$transaction((tx: ActorClient) => setDatabaseActor(tx)),
      /setDatabaseActor: no user is known here/,
    )
  })
})

/** More of them: `PRISMA_AUDIT_RUNS=3000 npm run mocha -- actor/writes`. */
const RUNS = Number(process.env.PRISMA_AUDIT_RUNS ?? 100)

interface Seen {
  readonly table: string
  readonly operation: string
  readonly actor: number | null
  readonly creator: number | null
}

/** What a request does: each row that it writes has its user's number in its name. */
async function request({ db, withActor, setDatabaseActor }: Connected, user: number, index: number): Promise<void> {
  const name = `of ${String(user)}`
  const nested = { name, profile: { create: { name } }, tags: { create: { name: `${name}, ${String(index)}` } } }
  const work = async (client: ActorClient): Promise<void> => {
    const { id } = await client.lead.create({ data: { name, profile: { create: { name } } } })
    await new Promise((resolve) => setImmediate(resolve))
    await client.lead.update({
      where: { id },
      data: { name, company: { create: { name, members: { create: { userId: user, role: name } } } } },
    })
  }
  const fail = (): never => {
    throw new Error('the request fails')
  }
  switch (index % 10) {
    case 0: {
      await withActor(user, () => work(db))
      return
    }
    case 1: {
      await work(db.$as(user))
      return
    }
    case 2: {
      await withActor(user, async () => {
        await db.$transaction(async (tx: ActorClient) => {
          await work(tx)
          fail()
        })
      })
      return
    }
    case 3: {
      await withActor(user, async () => {
        await work(db)
        fail()
      })
      return
    }
    case 4: {
      // It takes longer than its transaction may.
      await withActor(user, async () => {
        await db.$transaction(
          async (tx: ActorClient) => {
            await tx.$queryRaw`SELECT 1 FROM pg_catalog.pg_sleep(0.2)`
            await work(tx)
          },
          { timeout: 100, maxWait: 30_000 },
        )
      })
      return
    }
    case 5:
      await db
        .$as(user)
        .$transaction([
          db.lead.create({ data: { name } }),
          db.$as(user).lead.createMany({ data: [{ name }, { name }] }),
        ])
      return
    case 6: {
      await db.$as(user).$transaction((tx: ActorClient) => work(tx), { maxWait: 30_000, timeout: 30_000 })
      return
    }
    case 7:
    case 8: {
      await db.$transaction(
        async (tx: ActorClient) => {
          await setDatabaseActor(tx, user)
          await tx.$executeRaw`INSERT INTO "Lead" (name, updated_by, "createdById") SELECT ${name}, a, a
            FROM NULLIF(pg_catalog.current_setting('app.actor', true), '') AS s, CAST(s AS integer) AS a`
          if (index % 10 === 8) await tx.$executeRaw`SELECT 1 / 0`
        },
        { maxWait: 30_000, timeout: 30_000 },
      )
      return
    }
    default:
      // Nobody: nothing is written.
      await db.lead.create({ data: nested })
  }
}
