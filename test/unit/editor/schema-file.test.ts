import assert from 'node:assert/strict'
import { compareFiles } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import type { Finding } from '../../../server/src/audit/finding'
import { modelSides } from '../../../server/src/audit/model-sides'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { describeField } from '../../../server/src/editor/describe-field'
import { ignoreWords } from '../../../server/src/editor/ignore-completion'
import { modelLens } from '../../../server/src/editor/model-lens'
import { policyCompletions } from '../../../server/src/editor/policy-completion'
import { relatedPlacesFinder } from '../../../server/src/editor/related-places'
import { findField, findModel } from '../../../server/src/schema/lookup'
import { databaseOf, tableOf, triggerOf } from '../audit/database-builder'
import { schemaOf } from '../schema/support'
import { inEnglish } from '../../../server/src/text/translate'

const SCHEMA = `model User {
  id    Int    @id
  leads Lead[]
}

model Lead {
  id        String   @id @default(uuid())
  updatedAt DateTime @updatedAt
  ownerId   Int
  owner     User     @relation(fields: [ownerId], references: [id])
}
`

describe('what an editor shows of a schema', () => {
  const schema = schemaOf(SCHEMA)
  const trigger = triggerOf('keep', 'keep')
  const lead = {
    ...tableOf('Lead', ['updatedAt timestamp(3) without time zone not null', 'ownerId integer not null']),
    triggers: [trigger],
  }
  const source = `BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END`
  const triggerFunctions = [{ schema: 'public', name: 'keep', language: 'plpgsql', source, comment: null, usedBy: [] }]
  const database = { ...databaseOf([tableOf('User', []), lead]), triggerFunctions }
  const input = { schema, policy: null, database, cache: createComparisonCache() }
  const findings = compareFiles(input).flatMap((file) => file.findings)
  const { model } = findModel(schema, 'Lead')!
  const fieldText = (name: string) => describeField(inEnglish, findField(model, name)!, modelSides(model, input)!, [])

  it('says who fills a column', () => {
    assert.match(fieldText('updatedAt'), /Filled by: trigger `keep` on each UPDATE; Prisma Client \(`@updatedAt`\)/)
    assert.match(fieldText('id'), /Filled by: Prisma Client \(`uuid\(\)`\) if no value is given/)
    assert.match(fieldText('ownerId'), /Filled by: the application/)
    assert.match(fieldText('owner'), /no foreign key/)
  })

  it('relates a foreign key that is missing to the other side of its relation', () => {
    const finding = findings.find(({ code }) => code === 'foreign-key-missing')!
    assert.deepEqual(relatedPlacesFinder(inEnglish, schema)(finding), [
      {
        message: 'The other side of the relation: User.leads',
        file: 'schema.prisma',
        range: { start: { line: 2, character: 2 }, end: { line: 2, character: 7 } },
      },
    ])
  })

  it('relates nothing of the database that the message says already, in English', () => {
    const disabled = findings.find(({ code }) => code === 'foreign-key-missing')!
    const finding = { ...disabled, code: 'trigger-disabled', object: 'keep', actual: 'disabled' } as const
    assert.deepEqual(relatedPlacesFinder(inEnglish, schema)(finding), [])
  })

  it('says above a model how it stands, and never that it is in sync where nobody knows', () => {
    const policy = parsePolicy('{ "rules": [{ "models": ["User"], "require": ["updatedAt", "createdAt"] }] }').policy
    const of = (all: readonly Finding[], isConnected: boolean) => modelLens(inEnglish, all, isConnected)?.title ?? null
    const missing = compareFiles({ schema, policy, database: null }).flatMap((file) => file.findings)
    assert.equal(of(missing, false), 'Missing updatedAt, createdAt')
    assert.equal(of([], false), null)
    assert.equal(of([], true), 'In sync with the database')
    assert.equal(
      of(
        findings.filter((each) => each.model === 'Lead' && each.severity === 'warning'),
        true,
      ),
      '2 differences',
    )
  })

  it('completes an @audit-ignore comment up to its colon, and nothing else', () => {
    const words = (line: string) => ignoreWords(inEnglish, line, findings)?.map(({ word }) => word) ?? null
    assert.equal(words('model Lead {'), null)
    assert.equal(words('  // @audit-ignore '), null)
    assert.deepEqual(words('/// @au'), ['@audit-ignore'])
    assert.ok(words('  /// @audit-ignore col')?.includes('column-type'))
    assert.ok(!words('/// @audit-ignore column-type, ')!.includes('column-type'))
    assert.deepEqual(words('/// @audit-ignore column-type '), [])
    assert.equal(words('/// @audit-ignore column-type: the '), null)
  })

  it('completes a name of the policy once: what its JSON schema has as default, VS Code offers itself', () => {
    const names = (before: string, knowsJsonSchema: boolean) =>
      policyCompletions(before, before.length, schema, { knowsJsonSchema })?.names.map(({ name }) => name)
    assert.deepEqual(names('{ "userModel": ', true), ['Lead'])
    assert.deepEqual(names('{ "userModel": ', false), ['Lead', 'User'])
    const column = '{ "fields": { "ownerId": { "column": '
    assert.deepEqual(names(column, true), ['id', 'leads', 'owner', 'updatedAt'])
    assert.ok(names(column, false)?.includes('ownerId'))
    assert.ok(names('{ "fields": { "ownerId": { "aliases": [', true)?.includes('ownerId'))
  })
})
