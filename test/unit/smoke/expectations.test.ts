import assert from 'node:assert/strict'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { withEnvironment } from '../../../server/src/smoke/environment-values'
import { unmetExpectations as unmet } from '../../../server/src/smoke/expectations'
import { inPlainEnglish } from '../../../server/src/text/phrase'

const unmetExpectations = (...given: Parameters<typeof unmet>) => unmet(...given).map(inPlainEnglish)

describe('smoke: what an answer must have', () => {
  const users = [
    { id: 1, updatedAt: 'now', updatedBy: null },
    { id: 2, updatedAt: 'now', updatedBy: { name: 'Ada' } },
  ]
  for (const [answer, path, problems] of [
    [users, 'updatedAt', []],
    [users, 'updatedBy.name', []],
    [users, 'updatedBy.email', ['updatedBy.email: missing in 1 of 2']],
    [users, 'ownerId', ['ownerId: missing in 2 of 2']],
    [{ users }, 'users.updatedAt', []],
    [{ users }, 'users.1.updatedBy.name', []],
    [{ users }, 'users.2.updatedAt', ['users.2.updatedAt: missing']],
    [{ id: 1 }, 'updatedAt', ['updatedAt: missing']],
    [[], 'updatedAt', ['updatedAt: the response has no records']],
    ['text', 'updatedAt', ['updatedAt: missing']],
    [{}, 'toString', ['toString: missing']],
  ] as const) {
    it(`${path} of ${JSON.stringify(answer)}`, () => assert.deepEqual(unmetExpectations(answer, [{ path }]), problems))
  }

  it('finds a value in one of the records', () => {
    assert.deepEqual(unmetExpectations(users, [{ path: 'updatedBy.name', equals: 'Ada' }]), [])
    assert.deepEqual(unmetExpectations(users, [{ path: 'updatedBy.name', equals: 'Bram' }]), [
      'updatedBy.name: expected "Bram", found null, "Ada"',
    ])
    assert.deepEqual(unmetExpectations({}, [{ path: 'role', equals: 'admin' }]), [
      'role: expected "admin", found nothing',
    ])
  })

  it('takes values of the environment, and says which are missing', () => {
    const found = { used: new Set<string>(), missing: new Set<string>() }
    const value = { headers: { authorization: 'Bearer ${TOKEN}' }, body: [{ a: '${NONE}-${TOKEN}', n: 1 }] }
    assert.deepEqual(withEnvironment(value, { TOKEN: 'secret' }, found), {
      headers: { authorization: 'Bearer secret' },
      body: [{ a: '-secret', n: 1 }],
    })
    assert.deepEqual([[...found.used], [...found.missing]], [['secret'], ['NONE']])
  })
})

describe('smoke: the policy', () => {
  const policy = (application: unknown) => parsePolicy(JSON.stringify({ application }))

  it('has every default filled in', () => {
    const checks = [{ request: 'GET /admin/users', expect: ['updatedAt', { path: 'role', equals: 'admin' }] }]
    assert.deepEqual(policy({ ready: 'http://localhost:3000', checks }).policy?.application, {
      start: null,
      cwd: '.',
      ready: 'http://localhost:3000',
      timeoutSeconds: 60,
      databaseVariable: 'DATABASE_URL',
      login: null,
      checks: [
        {
          name: null,
          request: 'GET /admin/users',
          headers: {},
          body: undefined,
          login: null,
          status: null,
          expect: [{ path: 'updatedAt' }, { path: 'role', equals: 'admin' }],
        },
      ],
    })
  })

  for (const [application, problem] of [
    [{ ready: 'https://example.com/', checks: [{ request: 'GET /' }] }, /localhost/],
    [{ ready: 'http://localhost.example.com/', checks: [{ request: 'GET /' }] }, /localhost/],
    [{ ready: 'http://localhost@example.com/', checks: [{ request: 'GET /' }] }, /localhost/],
    [{ ready: 'http://localhost:1', start: 'npm run dev', checks: [{ request: 'GET /' }] }, /start/],
    [{ ready: 'http://localhost:1', checks: [{ request: 'GET http://example.com' }] }, /method and a path/],
    [{ ready: 'http://localhost:1', checks: [] }, /at least one check/],
  ] as const) {
    it(`refuses ${JSON.stringify(application)}`, () => {
      assert.match(
        policy(application)
          .problems.map(({ message }) => message)
          .join('\n'),
        problem,
      )
    })
  }
})
