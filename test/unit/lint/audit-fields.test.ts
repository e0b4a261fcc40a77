import assert from 'node:assert/strict'
import { columnOf, databaseOf, tableOf, triggerOf } from '../audit/database-builder'
import { useLinter } from './support'

describe('lint: what a Prisma project with audit fields meets', () => {
  const { check, fixed, lint } = useLinter()
  const withColumns = (...columns: readonly string[]) => ({ database: databaseOf([tableOf('Lead', columns)]) })

  it('trigger-compares-whole-row', () => {
    const trigger = (when: string) =>
      `CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION f();`
    const whole = trigger('OLD.* IS DISTINCT FROM NEW.*')
    check(whole, ['trigger-compares-whole-row'], withColumns('data json'))
    check(whole, [], withColumns('data jsonb'))
    check(trigger('OLD IS DISTINCT FROM NEW'), ['trigger-compares-whole-row'], withColumns('data json'))
    check(trigger('OLD.name IS DISTINCT FROM NEW.name'), [], withColumns('data json'))
    check(trigger('OLD *<> NEW'), [], withColumns('data json'))
    const generated = tableOf('Lead', [], {
      columns: [{ ...columnOf('total integer'), generated: '(a + 1)' }],
    })
    const [finding] = lint(whole, { database: databaseOf([generated]) })
    assert.deepEqual([finding?.code, finding?.severity], ['trigger-compares-whole-row', 'error'])
    assert.equal(lint(whole)[0]?.severity, 'hint')
    check(`CREATE TABLE "Lead" ("id" INT); ${whole}`, [])
  })

  it('local-time-default', () => {
    const column = (rest: string) => `CREATE TABLE "a" ("at" ${rest});`
    check(column('TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP'), [])
    check(column('TIMESTAMP(3) NOT NULL DEFAULT now()'), ['local-time-default'])
    check(column('TIMESTAMP(3) NOT NULL DEFAULT LOCALTIMESTAMP'), ['local-time-default'])
    check(column("TIMESTAMP(3) NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')"), [])
    check(column('TIMESTAMPTZ(3) NOT NULL DEFAULT now()'), [])
    check('ALTER TABLE "Lead" ALTER COLUMN "at" SET DEFAULT now();', [])
    check(
      'ALTER TABLE "Lead" ALTER COLUMN "at" SET DEFAULT now();',
      ['local-time-default'],
      withColumns('at timestamp(3) without time zone'),
    )
    assert.equal(
      fixed(column('TIMESTAMP(3) DEFAULT now()'), 'local-time-default'),
      column("TIMESTAMP(3) DEFAULT (now() AT TIME ZONE 'UTC')"),
    )
  })

  it('local-time-in-trigger', () => {
    const define = (value: string) =>
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" ${value}; RETURN NEW; END $$;`
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION touch();'
    const local = withColumns('updatedAt timestamp(3) without time zone')
    const sql = define('= now()') + trigger
    const [finding] = lint(sql, local)
    assert.deepEqual([finding?.code, finding?.severity], ['local-time-in-trigger', 'warning'])
    assert.equal(sql.slice(finding!.span.start, finding!.span.end), 'NEW."updatedAt" = now()')
    check(define(':= CURRENT_TIMESTAMP') + trigger, ['local-time-in-trigger'], local)
    check(define("= now() AT TIME ZONE 'UTC'") + trigger, [], local)
    check(sql, [], withColumns('updatedAt timestamp(3) with time zone'))
    assert.equal(lint(define('= now()'))[0]?.severity, 'information')
  })

  it('moddatetime-on-timestamp', () => {
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION moddatetime("updatedAt");'
    check(trigger, ['moddatetime-on-timestamp'], withColumns('updatedAt timestamp(3) without time zone'))
    check(trigger, ['moddatetime-on-timestamp'], withColumns('updatedAt timestamp(3) with time zone'))
    check(trigger, [], withColumns('updatedAt timestamp with time zone'))
    assert.equal(lint(trigger)[0]?.severity, 'information')
  })

  it('foreign-key-type', () => {
    const add = (type: string) =>
      `CREATE TABLE "Note" ("id" TEXT, "leadId" ${type}); ALTER TABLE "Note" ADD CONSTRAINT "f" FOREIGN KEY ("leadId") REFERENCES "Lead"("id");`
    const key = { database: databaseOf([tableOf('Lead', [])]) }
    check(add('INTEGER'), [], key)
    check(add('TEXT'), ['foreign-key-type'], key)
    assert.equal(lint(add('TEXT'), key)[0]?.severity, 'error')
    assert.equal(lint(add('BIGINT'), key)[0]?.severity, 'information')
    check(add('TEXT'), [])
    check('CREATE TABLE "a" ("id" UUID PRIMARY KEY); CREATE TABLE "b" ("a" TEXT REFERENCES "a"("id"));', [
      'foreign-key-type',
    ])
    check('CREATE TABLE "a" ("id" VARCHAR(30) PRIMARY KEY); CREATE TABLE "b" ("a" TEXT REFERENCES "a"("id"));', [])
  })

  it('updated-at-without-trigger, only where the policy wants one', () => {
    const maintainedColumns = [{ schema: null, table: 'Lead', column: 'updatedAt' }]
    const add = 'ALTER TABLE "Lead" ADD COLUMN "updatedAt" TIMESTAMP(3);'
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION f();'
    check(add, [])
    check(add, ['updated-at-without-trigger'], { maintainedColumns })
    check(add + trigger, [], { maintainedColumns })
    check(`${add} DO $$ BEGIN IF true THEN ${trigger} END IF; END $$;`, [], { maintainedColumns })
    const kept = tableOf('Lead', [], { triggers: [triggerOf('t', 'f')] })
    check(add, [], { maintainedColumns, database: databaseOf([kept]) })
  })

  it('setting-cast-without-nullif', () => {
    const policy = (expression: string) => `CREATE POLICY "p" ON "Lead" USING ("ownerId" = ${expression});`
    check(policy("current_setting('app.user_id', true)::int"), ['setting-cast-without-nullif'])
    check(policy("CAST(current_setting('app.user_id') AS uuid)"), ['setting-cast-without-nullif'])
    check(policy("NULLIF(current_setting('app.user_id', true), '')::int"), [])
    check(policy("current_setting('app.user_id', true)"), [])
    check(policy("current_setting('block_size')::int"), [])
    assert.equal(
      fixed(policy("current_setting('app.user_id', true)::int"), 'setting-cast-without-nullif'),
      policy("NULLIF(current_setting('app.user_id', true), '')::int"),
    )
    const body = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedBy" := current_setting('app.user_id', true)::int; RETURN NEW; END $$;`
    check(body, ['setting-cast-without-nullif'])
    assert.equal(
      fixed(body, 'setting-cast-without-nullif'),
      body.replace("current_setting('app.user_id', true)", "NULLIF(current_setting('app.user_id', true), '')"),
    )
    check(
      `DO $$ DECLARE u int; BEGIN u := current_setting('app.user_id')::int; PERFORM current_setting('a.b')::int; END $$;`,
      ['setting-cast-without-nullif', 'setting-cast-without-nullif'],
    )
    check(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT current_setting('app.user_id')::int $$;`, [
      'setting-cast-without-nullif',
    ])
  })

  it('backfill-after-trigger', () => {
    const trigger = 'CREATE TRIGGER "t" BEFORE UPDATE ON "Lead" FOR EACH ROW EXECUTE FUNCTION f();'
    const fill = 'UPDATE "Lead" SET "ownerId" = 1 WHERE "ownerId" IS NULL;'
    check(trigger + fill, ['backfill-after-trigger'])
    check(fill + trigger, [])
    check(trigger.replace('UPDATE ON', 'UPDATE OF "email" ON') + fill, [])
    check(trigger.replace('UPDATE ON', 'INSERT ON') + fill, [])
    // A function that keeps something else than a time marks no row as changed.
    const made = (assigned: string): string =>
      `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."x" := ${assigned}; RETURN NEW; END $$;`
    check(made('lower(NEW."y")') + trigger + fill, [])
    check(made("clock_timestamp() AT TIME ZONE 'UTC'") + trigger + fill, ['backfill-after-trigger'])
  })
})
