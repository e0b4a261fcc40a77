import assert from 'node:assert/strict'
import { inPlainEnglish, phrase } from '../../../server/src/text/phrase'
import { whyNotTried, type TriggerCode } from '../../../server/src/verification/writes/outside-effects'

const code = (name: string, source: string, rest: Partial<TriggerCode> = {}): TriggerCode => ({
  ...{ name, source, language: 'plpgsql', extension: null, lesserOwner: null },
  ...rest,
})
const check = (known: readonly TriggerCode[], expected: RegExp | null, rules: readonly string[] = []) => {
  const tables = [{ name: 'Log', functions: ['on_log'] }]
  const why = whyNotTried({ lesserOwner: null, lesserType: null, functions: ['touch'], rules, known, tables })
  if (expected === null) assert.equal(why, null)
  else assert.match(inPlainEnglish(why ?? phrase`nothing`), expected)
}

describe('writes that are tried and taken back', () => {
  it('may run code that a rollback takes back', () => {
    check([], null)
    check([code('touch', `INSERT INTO other VALUES (NEW.id); PERFORM pg_notify('x', 'y'); EXECUTE format('…');`)], null)
    check(
      [code('touch', 'NEW.name := unaccent(NEW.name)'), code('unaccent', '', { language: 'c', extension: 'unaccent' })],
      null,
    )
    check([code('unused', 'PERFORM pg_advisory_lock(1)')], null)
  })

  it('may not run what acts outside, however many calls away', () => {
    check([code('touch', 'PERFORM pg_advisory_lock(1)')], /uses pg_advisory_lock/)
    check([code('touch', `COPY (SELECT 1) TO PROGRAM 'mail'`)], /uses COPY/)
    check(
      [
        code('Touch', 'PERFORM a()'),
        code('A', 'SELECT b()', { language: 'sql' }),
        code('b', 'x', { language: 'plpython3u' }),
      ],
      /b\(\), which is written in plpython3u/,
    )
    check(
      [
        code('touch', `EXECUTE 'SELECT dblink_exec(…)'`),
        code('dblink_exec', '', { language: 'c', extension: 'dblink' }),
      ],
      /dblink_exec/,
    )
    check(
      [code('touch', 'INSERT INTO "Log" VALUES (1)'), code('on_log', `PERFORM setval('s', 1)`)],
      /on_log\(\), which uses setval/,
    )
    check([], /a rule of the table uses/, ['CREATE RULE r AS ON INSERT TO t DO ALSO SELECT setval(1, 2)'])
  })
})
