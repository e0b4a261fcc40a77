import assert from 'node:assert/strict'
import type { DatabaseClient } from '../../../server/src/database/connect'
import { AuditError, describeError } from '../../../server/src/errors'
import type { Step } from '../../../server/src/migration/model'
import { explainFailure, inTransaction, patiently } from '../../../server/src/migration/run/execution/execution'
import { LockNotHad } from '../../../server/src/migration/run/execution/retry'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { withResumedSession } from '../../../server/src/migration/run/session/session'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'
import { phrase } from '../../../server/src/text/phrase'

describe("a migration's session", () => {
  const server = usePostgres()
  const show = async (client: DatabaseClient, name: string) =>
    (await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name])).rows[0]?.value
  const failing = () => Promise.reject(new Error('failed'))

  it('waits for locks and statements as it says, whatever the database has set, and again after each exception', async () => {
    const { name, query, url } = await server.createDatabase()
    for (const [setting, value] of [
      ...[
        ['lock_timeout', '0'],
        ['statement_timeout', '5s'],
        ['idle_in_transaction_session_timeout', '0'],
      ],
      ...[
        ['idle_session_timeout', '5min'],
        ['datestyle', 'German'],
        ['row_security', 'on'],
        ['search_path', 'public'],
        ['jit', 'on'],
      ],
    ]) {
      await query(`ALTER DATABASE "${name}" SET ${setting ?? ''} = '${value ?? ''}'`)
    }
    await withResumedSession({ url, signal: undefined, waitForOther: 0 }, async (session) => {
      const { client } = session
      const shown = async (names: readonly string[]) => {
        const values: string[] = []
        for (const each of names) values.push((await show(client, each)) ?? '')
        return values
      }
      const standing = [
        ...['lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout'],
        ...['deadlock_timeout', 'row_security', 'search_path', 'jit'],
      ]
      const expected = ['2s', '0', '1min', '0', '150ms', 'off', 'pg_catalog, pg_temp', 'off']
      assert.deepEqual(await shown(standing), expected)
      assert.match((await show(client, 'datestyle')) ?? '', /^ISO/)

      const watch = { longestWait: 5000, lastSeen: () => [] }
      assert.equal(await patiently(session, watch, () => show(client, 'lock_timeout')), '5s')
      await assert.rejects(patiently(session, watch, failing), /failed/)
      assert.deepEqual(await shown(standing), expected)

      const settings = { lock_timeout: '70ms', statement_timeout: '3s' }
      const local = () => shown(['lock_timeout', 'statement_timeout'])
      assert.deepEqual(await inTransaction(client, settings, local), ['70ms', '3s'])
      await assert.rejects(inTransaction(client, settings, failing), /failed/)
      assert.deepEqual(await shown(standing), expected)
    })
  })

  it('is refused before the first step where triggers do not fire in it, with where that is set', async () => {
    const project = await createProject(server, {
      schema: 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n',
      policy: { rules: [{ models: ['User'], require: ['updatedAt'] }] },
    })
    const plan = await project.plan()
    const { name, query } = project.database
    const owner = await server.createRole({ name: 'replica of all', attributes: 'SUPERUSER' })
    const url = owner.urlFor(project.database)
    const role = `"${owner.name}"`
    const options = `${url}${url.includes('?') ? '&' : '?'}options=-c%20session_replication_role%3Dreplica`
    const set = 'SET session_replication_role = replica'
    const cases = [
      ['It is set for the role (ALTER ROLE … SET).', `ALTER ROLE ${role}`],
      ['It is set for the database (ALTER DATABASE … SET).', `ALTER DATABASE "${name}"`],
      ['It is set for the role in this database (', `ALTER ROLE ${role} IN DATABASE "${name}"`],
    ] as const
    const refused = (url: string, where: string, next: string) =>
      assert.rejects(runPlan({ url, plan }), (error) => {
        assert.ok(error instanceof AuditError && error.code === 'triggers-do-not-fire', String(error))
        const text = describeError(error)
        assert.ok(text.includes(where) && text.includes(next), text)
        return true
      })
    await refused(options, 'options in the URL', 'Remove the setting, then')
    for (const [where, alter] of cases) {
      const reset = `${alter} RESET session_replication_role`
      await query(`${alter} ${set}`)
      await refused(url, where, `Remove the setting (${reset}), then`)
      await query(reset)
    }
    assert.deepEqual(await query(`SELECT to_regnamespace('prisma_audit') AS journal`), [{ journal: null }])
    assert.equal((await runPlan({ url, plan })).status, 'completed')
  })

  it('keeps all of a transaction or nothing, and says why a step failed', async () => {
    const { query, url } = await server.createDatabase('CREATE TABLE t (n integer)')
    await withResumedSession({ url, signal: undefined, waitForOther: 0 }, async (session) => {
      const { client } = session
      const settings = { lock_timeout: '1s' }
      await inTransaction(client, settings, () => client.query('INSERT INTO public.t VALUES (1)'))
      const half = inTransaction(client, settings, async () => {
        await client.query('INSERT INTO public.t VALUES (2)')
        return failing()
      })
      await assert.rejects(half, /failed/)
      assert.deepEqual(await query('SELECT n FROM t'), [{ n: 1 }])

      const because = (code: string) => Object.assign(new Error('no room'), { code })
      const watch = { longestWait: 5000, lastSeen: () => [phrase`process 7`] }
      await assert.rejects(
        patiently(session, watch, () => Promise.reject(because('55P03'))),
        { code: 'waited-too-long', message: /within 5 s\./, why: /process 7/ },
      )
      const step = { lock: { mode: '', tables: ['"public"."t"'], duration: '' } } as unknown as Step
      const codeFor = async (error: unknown) => {
        const known = await explainFailure(session, step, error)
        return known instanceof AuditError ? known.code : known
      }
      assert.equal(await codeFor(because('53100')), 'server-disk-full')
      assert.equal(await codeFor(new LockNotHad(3, because('55P03'))), 'table-locked')
      assert.equal(await codeFor(because('08006')), 'connection-lost')
      const other = because('22012')
      assert.equal(await codeFor(other), other)
    })
  })
})
