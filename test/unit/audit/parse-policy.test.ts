import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { parsePolicy, policyJsonSchema } from '../../../server/src/audit-fields/parse-policy'
import bundle from '../../../l10n/bundle.l10n.de.json'
import { phraseIn } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'
import { DEFAULT_POLICY } from '../../../server/src/audit-fields/policy'
import { policyFindings } from '../../../server/src/audit/policy-findings'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { matchesModel } from '../../../server/src/audit-fields/model-matcher'
import { fieldsOfRules } from '../../../server/src/audit-fields/requirements'

describe('parsePolicy', () => {
  it('fills in every default', () => {
    const { policy, problems } = parsePolicy(
      '{ "$schema": "./x.json", "rules": [{ "models": ["User"], "require": ["updatedAt"] }] }',
    )
    assert.deepEqual(problems, [])
    assert.deepEqual(policy, {
      userModel: 'User',
      rules: [{ models: ['User'], require: ['updatedAt'] }],
      databases: [],
      application: null,
      backups: { keep: null, scope: 'database', jobs: 1 },
      fields: {
        updatedAt: { column: 'updatedAt', aliases: [], trigger: true, index: true, populate: 'now' },
        updatedBy: { column: 'updatedBy', aliases: [], index: true, relation: true, type: null, onDelete: 'SetNull' },
        ownerId: {
          column: 'ownerId',
          aliases: [],
          index: true,
          relation: true,
          type: null,
          required: false,
          populate: 'first-user',
          onDelete: 'SetNull',
        },
        createdAt: { column: 'createdAt', aliases: [], index: true, required: false, populate: 'none' },
        createdBy: { column: 'createdBy', aliases: [], index: true, relation: true, type: null, onDelete: 'SetNull' },
      },
      actor: { trigger: false, ownerId: false },
    })
  })

  it('keeps what is said and fills in the rest', () => {
    const { policy } = parsePolicy(
      '{ "userModel": "Account", "fields": { "ownerId": { "column": "owner", "populate": { "sql": "1" } }, "updatedAt": { "trigger": false } } }',
    )
    assert.equal(policy?.userModel, 'Account')
    assert.deepEqual(policy.fields.updatedAt, {
      column: 'updatedAt',
      aliases: [],
      trigger: false,
      index: true,
      populate: 'now',
    })
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

  it('says what is missing where it belongs, in our words', () => {
    const text = '{ "userModel": "User", "rules": [{ "models": ["User"], "requires": ["updatedAt"] }] }'
    const { problems } = parsePolicy(text)
    assert.deepEqual(
      problems.map(({ message, offset }) => [message, text.slice(offset, offset + 10)]),
      [
        ['rules[0]: "require" is missing.', '{ "models"'],
        ['Unknown key "requires" in rules[0]. Did you mean "require"?', '"requires"'],
      ],
    )
  })

  it('refuses what is no object, and a populate that is nothing', () => {
    check('[]', [['', /The policy/]])
    check('{ "fields": { "ownerId": { "populate": "everyone" } } }', [
      ['fields.ownerId.populate', /fields\.ownerId\.populate/],
    ])
  })

  it('takes the type of a user key that another service keeps, and no other SQL', () => {
    const typeOf = (type: string) => {
      const text = JSON.stringify({ fields: { updatedBy: { relation: false, type } } })
      return parsePolicy(text).policy?.fields.updatedBy.type?.catalog ?? null
    }
    const known = [
      'text',
      ' UUID',
      'String',
      'varchar(36)',
      'Character Varying ( 36 )',
      'varchar',
      'char(26)',
      'int',
      'int8',
    ]
    assert.deepEqual(known.map(typeOf), [
      ...[
        'text',
        'uuid',
        'text',
        'character varying(36)',
        'character varying(36)',
        'character varying',
        'character(26)',
      ],
      ...['integer', 'bigint'],
    ])
    const others = [
      '',
      'char',
      'text(3)',
      'varchar(0)',
      'varchar(36',
      'varchar(99999999)',
      'text); DROP TABLE x; --',
      'x.y',
      '"a"',
    ]
    assert.deepEqual(
      others.map(typeOf),
      others.map(() => null),
    )
    check('{ "fields": { "ownerId": { "relation": false, "type": "money" } } }', [
      ['fields.ownerId.type', /the type of a user key is text, uuid/],
    ])
    check('{ "fields": { "ownerId": { "type": "text" } } }', [['fields.ownerId.type', /"relation": false/]])
  })

  it('says each problem in another language, too', () => {
    const german = createTranslate(bundle)
    const wrong = [
      '',
      '{ "rules": 1 }',
      '{ "rules": [}',
      '// why\n{}',
      '['.repeat(60),
      '[]',
      '{ "userModel": "", "also": 1, "rules": [{ "also": 1, "models": ["a(b)"], "require": ["ownedBy", 3] }] }',
      '{ "databases": [{ "port": 0, "environment": "prod" }, { "port": 70000 }] }',
      '{ "fields": { "updatedBy": { "type": "text" }, "ownerId": { "relation": false, "type": "money" } } }',
      '{ "application": { "start": [], "ready": "x", "timeoutSeconds": 0, "checks": [] } }',
      `{ "application": { "start": [""], "ready": "http://a/", "databaseVariable": "${'x'.repeat(300)}", "checks": [{ "request": "GET", "headers": { "a b": "" }, "login": 1 }] } }`,
    ]
    const problems = wrong.flatMap((text) => parsePolicy(text).problems)
    assert.ok(problems.length > 20, String(problems.length))
    assert.deepEqual(
      problems.filter(({ phrase, message }) => phraseIn(german, phrase) === message).map(({ message }) => message),
      [],
    )
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

  it('is the JSON schema at the root of the repository', async () => {
    const file = path.join(__REPOSITORY__, 'prisma-audit.schema.json')
    const text = await formatted(policyJsonSchema(), file)
    if (process.env.PRISMA_AUDIT_UPDATE === '1') fs.writeFileSync(file, text)
    assert.equal(fs.readFileSync(file, 'utf8'), text)
  })

  it('is there in each language too, since VS Code shows its descriptions', async () => {
    const read = (file: string) => fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8')
    for (const name of fs.readdirSync(path.join(__REPOSITORY__, 'l10n'))) {
      const language = /^bundle\.l10n\.(.+)\.json$/.exec(name)?.[1] ?? ''
      const texts = JSON.parse(read(`l10n/${name}`)) as Record<string, string>
      const translated: unknown = JSON.parse(read('prisma-audit.schema.json'), (key, value: unknown) =>
        (key === 'description' || key === 'title') && typeof value === 'string' ? texts[value] : value,
      )
      const file = `prisma-audit.schema.${language}.json`
      const text = await formatted(translated, path.join(__REPOSITORY__, file))
      if (process.env.PRISMA_AUDIT_UPDATE === '1') fs.writeFileSync(path.join(__REPOSITORY__, file), text)
      assert.equal(read(file), text)
      assert.match(read(`package.nls.${language}.json`), new RegExp(`: "\\./${file}"`))
    }
  })
})

/** As `npm run lint` wants it, so that an update changes only what is new. */
async function formatted(schema: unknown, file: string): Promise<string> {
  return await format(JSON.stringify(schema, null, 2), { ...(await resolveConfig(file)), filepath: file })
}

describe('the rules of a policy', () => {
  const policy = parsePolicy(
    `{ "rules": [
      { "models": ["*", "!Audit*"], "require": ["updatedAt"] },
      { "models": ["Lead", "{Deal,Order}"], "require": ["ownerId", "updatedAt"] },
      { "models": ["!User"], "require": ["updatedBy"] } ] }`,
  ).policy

  function check(model: string, expected: readonly string[]): void {
    assert.ok(policy !== null)
    assert.deepEqual(fieldsOfRules(policy)(model), expected)
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

describe('patterns of model names', () => {
  function check(pattern: string, matching: readonly string[], others: readonly string[]): void {
    const found = [...matching, ...others].filter((name) => matchesModel([pattern], name))
    assert.deepEqual(found, matching, pattern)
  }

  it('mean what the policy promises', () => {
    check('*', ['User', 'a'], [])
    check('**', ['User'], [])
    check('User*', ['User', 'UserLog'], ['AUser', 'user'])
    check('*Log', ['Log', 'AuditLog'], ['Logs'])
    check('*a*b*', ['ab', 'xaybz'], ['ba'])
    check('?ser', ['User', 'Öser', '𝒰ser'], ['ser', 'UUser'])
    check('[A-C]*', ['A', 'Card'], ['Deal', ''])
    check('[!A-C]*', ['Deal'], ['A', ''])
    check('[^A]', ['B'], ['A'])
    check('[]a]', [']', 'a'], ['b'])
    check('[a-]', ['a', '-'], ['b'])
    check('{User,Lead}', ['User', 'Lead'], ['{User,Lead'])
    check('{A,{B,C}D}*', ['A', 'AX', 'BD', 'CDX'], ['B', 'CX'])
    check('X{,s}', ['X', 'Xs'], ['Xss'])
    check('{A}', ['{A}'], ['A'])
    check('{A', ['{A'], ['A'])
    check('[A', ['[A'], ['A'])
    check('\\*', ['*', '\\*'], ['A'])
    check('a.c', ['a.c'], ['abc'])
    check('$^', ['$^'], [''])
  })

  it('cost no more than pattern times name', () => {
    const name = 'a'.repeat(5000)
    for (const pattern of [
      '*a*a*a*a*a*a*a*a*a*ac',
      '*a'.repeat(140) + 'c',
      '[a-z]*'.repeat(50) + '!',
      '?*'.repeat(140) + 'c',
    ])
      check(pattern, [], [name])
  })

  it('are refused where they are too large, or mean nothing', () => {
    const problems = (pattern: string) =>
      parsePolicy(JSON.stringify({ rules: [{ models: [pattern], require: ['updatedAt'] }] })).problems.map(
        (problem) => problem.message,
      )
    assert.deepEqual(problems('{A,B}'.repeat(6)), [])
    assert.match(problems('{A,B}'.repeat(7)).join(), /braces expand to more than 100 names/)
    assert.match(problems('{A,'.repeat(60) + '}'.repeat(60)).join(), /braces/)
    assert.match(problems('{'.repeat(299)).join(), /^$/)
    assert.match(problems('a'.repeat(301)).join(), /300 characters/)
    assert.match(problems('+(User|Lead)').join(), /not \( \) \|/)
  })

  it('are refused where all of them together are too long', () => {
    const rules = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        models: [`${'a*'.repeat(140)}${String(index).padStart(20, 'x')}`],
        require: ['updatedAt'],
      }))
    assert.notEqual(parsePolicy(JSON.stringify({ rules: rules(333) })).policy, null)
    const { policy, problems } = parsePolicy(JSON.stringify({ rules: rules(334) }))
    assert.equal(policy, null)
    assert.match(problems[0]?.message ?? '', /at most 100,000 characters/)
  })

  it('a policy that nests without end, or has faults without end, has bounded problems', () => {
    for (const text of ['['.repeat(100_000), '{"a":'.repeat(100_000), '[{"rules":'.repeat(50_000)])
      assert.match(parsePolicy(text).problems[0]?.message ?? '', /nest deeper than 50/)
    const keys = JSON.stringify(
      Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${String(index)}`, 1])),
    )
    assert.equal(parsePolicy(keys).problems.length, 50)
    const rules = (length: number) =>
      JSON.stringify({ rules: Array.from({ length }, () => ({ models: ['*a*b'], require: ['updatedAt'] })) })
    assert.match(parsePolicy(rules(20_000)).problems[0]?.message ?? '', /1,000 rules/)
    const { policy } = parsePolicy(rules(1000))
    assert.ok(policy !== null)
    for (let model = 0; model < 1000; model++) fieldsOfRules(policy)(`Model${String(model)}`)
  })
})

describe('what is wrong with a policy, on its own file', () => {
  const schema = parseSchema([
    { path: '/w/schema.prisma', text: 'model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\n' },
  ])
  const check = (text: string, expected: readonly string[]) => {
    const found = policyFindings({ path: '/w/prisma-audit.json', text, reading: parsePolicy(text) }, schema)
    const lines = text.split('\n')
    assert.deepEqual(
      found.map(({ code, severity, message, range: { start, end } }) => {
        assert.equal(start.line, end.line)
        return `${severity} ${code} ${lines[start.line]?.slice(start.character, end.character) ?? ''}: ${message}`
      }),
      expected,
    )
  }

  it('names the models that the schema does not have, and the ones that are probably meant', () => {
    check('{"rules": [{"models": ["User", "Lead*", "Nothing*"], "require": ["updatedAt"]}]}', [])
    check('{\n"rules": [{"models": ["Usr", "!lead", "Ledger"],\n"require": ["updatedAt"]}]}', [
      'error policy-model "Usr": The policy names the model "Usr", which does not exist in the schema. Did you mean "User"?',
      'error policy-model "!lead": The policy names the model "lead", which does not exist in the schema. Did you mean "Lead"?',
      'warning policy-model "Ledger": The policy names the model "Ledger", which does not exist in the schema.',
    ])
    check('{"rules": [{"models": ["Laed"], "require": ["updatedAt"]}]}', [
      'error policy-model "Laed": The policy names the model "Laed", which does not exist in the schema. Did you mean "Lead"?',
    ])
    check('{"userModel": "Users", "rules": [{"models": ["Lead"], "require": ["ownerId"]}]}', [
      'error policy-model "Users": The policy names the model "Users", which does not exist in the schema. Did you mean "User"?',
    ])
    check('{"userModel": "Users", "rules": [{"models": ["Lead"], "require": ["updatedAt"]}]}', [])
  })

  it('says all faults of one that is not valid, where they are', () => {
    check('{\n  "rulez": []\n}', ['error policy-invalid "rulez": Unknown key "rulez". Did you mean "rules"?'])
    check('{ "rules": [{ "model": ["User"], "models": ["User"], "require": ["updatedAt"] }] }', [
      'error policy-invalid "model": Unknown key "model" in rules[0]. Did you mean "models"?',
    ])
    check('{ "rules": [{ "models": ["User"], "require": ["updateAt"] }] }', [
      'error policy-invalid "updateAt": rules[0].require[0]: "updateAt" is not allowed. Did you mean "updatedAt"?',
    ])
    check('{ "fields": { "updatedAt": { "colum": "x" } } }', [
      'error policy-invalid "colum": Unknown key "colum" in fields.updatedAt. Did you mean "column"?',
    ])
    check('{ "rules": [ }', ['error policy-invalid }: The policy is not JSON: value expected.'])
    check('', ['error policy-invalid : The policy is not JSON: value expected.'])
  })
})
