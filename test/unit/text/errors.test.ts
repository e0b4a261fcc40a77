import { untranslated } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import * as databaseErrors from '../../../server/src/database/database-errors'
import { AuditError, describeError, describeForLog } from '../../../server/src/errors'
import { failureText } from '../../../server/src/lsp/failure-text'
import { inEnglish } from '../../../server/src/text/translate'
import { assertHarmless, HOSTILE } from '../../support/hostile-text'

const LONG = HOSTILE.repeat(5000)

/** Stands for any argument: a name, a list of names, or an object whose parts are names. */
const ANYTHING = new Proxy([LONG, HOSTILE], {
  get: (target, key): unknown => {
    if (key in target || typeof key === 'symbol') return Reflect.get(target, key)
    return /number|count|major|seconds|applied/i.test(key) ? 7 : HOSTILE
  },
})

describe('every error', () => {
  it('is harmless and short, whatever names and words are put into it', async () => {
    const rooms = [databaseErrors, ...(await Promise.all(roomsWithErrors().map(errorsOf)))]
    const factories = rooms.flatMap((room) => Object.entries(room)).filter(([, made]) => typeof made === 'function')
    let made = 0
    for (const [name, factory] of factories) {
      for (const argument of [ANYTHING, LONG, new Error(LONG), Object.assign(new Error(LONG), { code: 'XX000' })]) {
        const error = attempt(factory as (...given: unknown[]) => unknown, argument)
        if (!(error instanceof Error)) continue
        made++
        const said = describeError(error)
        assertHarmless(said)
        assert.ok(!said.includes('[object'), `${name}: ${said}`)
        assert.ok(said.length < 40_000, `${name}: ${String(said.length)}`)
        assert.ok(said.split('\n').length <= 100, name)
      }
    }
    assert.ok(made > factories.length, 'most can be made of such arguments')
  })

  it('is told to a log with its code, where it was thrown and what caused it', () => {
    const cause = Object.assign(new Error(LONG), { code: 'XX000' })
    const parts = { what: untranslated`${HOSTILE}`, why: untranslated`why`, nextStep: untranslated`next` }
    const said = describeForLog(new AuditError('some-code', parts, { cause }))
    assertHarmless(said)
    assert.match(
      said,
      /^Failed \[some-code\]:\n[^]*\nwhy\nnext\n {4}at [^]*\nCaused by:\nThe server said \(XX000\): [^]*\n {4}at /,
    )
  })

  it('of a file is not one of the database, and has no password in it', () => {
    const url = 'postgresql://app:pa%24%24-word@localhost/app'
    const missing = Object.assign(new Error("ENOENT: no such file or directory, open 'x pa$$-word'"), {
      ...{ code: 'ENOENT', syscall: 'open', path: 'x' },
    })
    const error = databaseErrors.toDatabaseError(missing, url)
    assert.ok(error instanceof Error && !(error instanceof AuditError))
    assert.match(describeError(error), /^Error: ENOENT.*'x \*{5}'$/)
    const refused = Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' })
    assert.equal(describeError(refused), 'Error: EPERM: operation not permitted')
    const socket = Object.assign(new Error('connect ENOENT /tmp/.s.PGSQL.5432'), { code: 'ENOENT', syscall: 'connect' })
    assert.match(describeError(databaseErrors.toDatabaseError(socket, url)), /^Cannot reach the PostgreSQL server/)
  })

  it('that was not foreseen is told to an editor in a sentence; its own words come second', () => {
    const lines = (error: unknown) => failureText(error, inEnglish).split('\n')
    const foreseen = new AuditError('some-code', { what: untranslated`What.`, why: '', nextStep: untranslated`Next.` })
    assert.deepEqual(lines(foreseen), ['What.', 'Next.'])
    for (const code of ['XX000', 'EPERM', 'ENOSPC'])
      assert.equal(lines(Object.assign(new Error('words'), { code })).length, 1, code)
    for (const error of [new TypeError('words'), Object.assign(new Error('words'), { code: -32603 })])
      assert.deepEqual(lines(error), [
        'Unexpected error in Prisma Audit. Try again; the details are in the log.',
        'Error: words',
      ])
  })
})

/** Every `errors.ts` below `server/src`, by its folder. */
function roomsWithErrors(): string[] {
  const files = fs.readdirSync(path.join(__REPOSITORY__, 'server', 'src'), { recursive: true }).map(String)
  return files
    .map((file) => path.parse(file))
    .flatMap(({ base, dir }) => (base === 'errors.ts' && dir !== '' ? [dir] : []))
}

async function errorsOf(room: string): Promise<Record<string, unknown>> {
  return (await import(`../../../server/src/${room}/errors.ts`)) as Record<string, unknown>
}

/** What does not fit the factory says nothing. */
function attempt(factory: (...given: unknown[]) => unknown, argument: unknown): unknown {
  try {
    return factory(argument, argument, argument, argument)
  } catch (error) {
    return error instanceof TypeError ? null : error
  }
}
