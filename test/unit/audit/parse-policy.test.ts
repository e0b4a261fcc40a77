import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { parsePolicy, policyJsonSchema } from '../../../server/src/audit/parse-policy'
import { DEFAULT_POLICY } from '../../../server/src/audit/policy'
import { matchesModel, requiredFields } from '../../../server/src/audit/required-fields'

describe('parsePolicy', () => {
  it('fills in every default', () => {
    const { policy, problems } = parsePolicy(
      '{ "$schema": "./x.json", "rules": [{ "models": ["User"], "require": ["updatedAt"] }] }',
    )
    assert.deepEqual(problems, [])
    assert.deepEqual(policy, {
      userModel: 'User',
      rules: [{ models: ['User'], require: ['updatedAt'] }],
      fields: {
        updatedAt: { column: 'updatedAt', trigger: true, index: true },
        updatedBy: { column: 'updatedBy', index: true, relation: true, onDelete: 'SetNull' },
        ownerId: {
          column: 'ownerId',
          index: true,
          relation: true,
          required: false,
          populate: 'first-user',
          onDelete: 'SetNull',
        },
      },
    })
  })

  it('keeps what is said and fills in the rest', () => {
    const { policy } = parsePolicy(
      '{ "userModel": "Account", "fields": { "ownerId": { "column": "owner", "populate": { "sql": "1" } }, "updatedAt": { "trigger": false } } }',
    )
    assert.equal(policy?.userModel, 'Account')
    assert.deepEqual(policy.fields.updatedAt, { column: 'updatedAt', trigger: false, index: true })
    assert.deepEqual(policy.fields.ownerId.populate, { sql: '1' })
    assert.equal(policy.fields.ownerId.index, true)
  })

  it('is the default policy for {}', () => {
    assert.deepEqual(parsePolicy('{}').policy, DEFAULT_POLICY)
  })

  function check(text: string, expected: readonly (readonly [path: string, message: RegExp])[]): void {
    const { policy, problems } = parsePolicy(text)
    assert.equal(policy, null)
    assert.deepEqual(
      problems.map((problem) => problem.path.join('.')),
      expected.map(([where]) => where),
    )
    problems.forEach((problem, index) => {
      assert.match(problem.message, expected[index]?.[1] ?? /never/)
    })
  }

  it('collects all errors and names unknown keys', () => {
    check(
      '{ "usrModel": "User", "rules": [{ "models": [], "require": ["updatedWhen"], "also": 1 }], "fields": { "updatedAt": { "column": 1 } } }',
      [
        ['rules.0.models', /rules\[0\]\.models: name at least one model/],
        ['rules.0.require.0', /rules\[0\]\.require\[0\]/],
        ['rules.0.also', /Unknown key "also" in rules\[0\]/],
        ['fields.updatedAt.column', /fields\.updatedAt\.column/],
        ['usrModel', /Unknown key "usrModel"/],
      ],
    )
  })

  it('refuses what is no object, and a populate that is nothing', () => {
    check('[]', [['', /The policy/]])
    check('{ "fields": { "ownerId": { "populate": "everyone" } } }', [
      ['fields.ownerId.populate', /fields\.ownerId\.populate/],
    ])
  })

  it('says where in the text', () => {
    const text = '{ "rules": [{ "models": ["A"], "require": ["updatedBy", "x"] }], "extra": {} }'
    const { problems } = parsePolicy(text)
    assert.deepEqual(
      problems.map(({ offset }) => offset),
      [text.indexOf('"x"'), text.indexOf('"extra"')],
    )
  })

  it('says where JSON is broken', () => {
    const { policy, problems } = parsePolicy('{ "userModel": }')
    assert.equal(policy, null)
    assert.equal(problems.length, 1)
    assert.match(problems[0]?.message ?? '', /not JSON/)
    assert.equal(problems[0]?.offset, 15)
    assert.match(problems[0].message, /value expected/)
  })

  it('reads a file with a byte order mark, and an empty one is no policy', () => {
    assert.notEqual(parsePolicy('\uFEFF{}').policy, null)
    assert.equal(parsePolicy('').policy, null)
  })

  it('is the JSON schema at the root of the repository', () => {
    const file = path.join(__REPOSITORY__, 'prisma-audit.schema.json')
    const text = JSON.stringify(policyJsonSchema(), null, 2) + '\n'
    if (process.env.PRISMA_AUDIT_UPDATE === '1') fs.writeFileSync(file, text)
    assert.deepEqual(JSON.parse(fs.readFileSync(file, 'utf8')), JSON.parse(text))
  })
})

describe('requiredFields', () => {
  const policy = parsePolicy(
    `{ "rules": [
      { "models": ["*", "!Audit*"], "require": ["updatedAt"] },
      { "models": ["Lead", "{Deal,Order}"], "require": ["ownerId", "updatedAt"] },
      { "models": ["!User"], "require": ["updatedBy"] } ] }`,
  ).policy

  function check(model: string, expected: readonly string[]): void {
    assert.ok(policy !== null)
    assert.deepEqual(requiredFields(policy, model), expected)
  }

  it('adds up the rules that match, in a fixed order', () => {
    check('Lead', ['updatedAt', 'updatedBy', 'ownerId'])
    check('Deal', ['updatedAt', 'updatedBy', 'ownerId'])
    check('User', ['updatedAt'])
    check('AuditLog', ['updatedBy'])
  })

  it('takes a name for itself whatever characters it has', () => {
    assert.equal(matchesModel(['Größe'], 'Größe'), true)
    assert.equal(matchesModel(['User'], 'user'), false)
  })
})
