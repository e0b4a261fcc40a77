import fs from 'node:fs'
import path from 'node:path'
import { root } from '../install.mjs'
import { insertSorted } from './changes.mjs'
import { camelCase, titleCase } from './names.mjs'

/** A field for a user (`deleted-by`) or a moment (`deleted-at`), made after `createdBy` or `createdAt` as they are now. */
export function auditField(name) {
  const [, stem, end] = /^(.+)-(at|by)$/.exec(name) ?? []
  if (stem === undefined) throw new Error('An audit field is named for a user (deleted-by) or a moment (deleted-at).')
  const field = camelCase(name)
  const test = `test/unit/audit-fields/${name}.test.ts`
  const kinds = 'server/src/audit-fields/kinds.ts'
  return {
    test,
    next:
      `read server/src/audit-fields/${name}.ts line by line: it says what createdBy and createdAt say. ` +
      "PRISMA_AUDIT_UPDATE=1 npm run mocha -- unit/audit/parse-policy writes the policy's JSON schema anew.",
    changes: [
      { file: `server/src/audit-fields/${name}.ts`, text: kindText(stem, end) },
      insertSorted(kinds, /^import \{.* from '(\.\/[^']*)'$/, `import { ${field} } from './${name}'`),
      { file: kinds, before: /^(const KINDS = \[[^\]]*)\] as const/, text: `, ${field}` },
      { file: 'docs/findings.md', before: /^## Drift between schema and database$/, text: sectionText(name, field) },
      { file: test, text: testText(name, field) },
    ],
  }
}

/** The description of the model, with the other name in it, none of its other common names, and nothing behind it. */
function kindText(stem, end) {
  const model = fs.readFileSync(path.join(root, 'server', 'src', 'audit-fields', `created-${end}.ts`), 'utf8')
  return model
    .replace(/\n\/\*\* Names of fields and columns that say since when[^]*$/, '')
    .replace(/commonNames: \[[^\]]*\]/, 'commonNames: []')
    .replaceAll('missing-created', `missing-${stem}`)
    .replaceAll('created_', `${stem.replaceAll('-', '_')}_`)
    .replaceAll('Created', titleCase(stem).replaceAll(' ', ''))
    .replaceAll('created', camelCase(stem))
}

const sectionText = (name, field) => `### missing-${name}

The policy requires \`${field}\`. Say here what it tells of a row, and what satisfies it.

\`\`\`
Lead has no ${field} (say what it tells): it is missing in the schema and in the database.
\`\`\`

**Fix:** say what the edit of the schema and the migration add.
**Silence:** \`/// @audit-ignore ${field}: why\` above the model.

`

const testText = (name, field) => `import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { kindOf } from '../../../server/src/audit-fields/kinds'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from '../audit/database-builder'

describe('${field}', () => {
  it('${name} is missed where the policy requires it, and is known under its other common names', () => {
    const schema = parseSchema([{ path: 'schema.prisma', text: 'model User {\\n  id Int @id\\n}\\n' }])
    const { policy } = parsePolicy('{ "rules": [{ "models": ["User"], "require": ["${field}"] }] }')
    const found = compare({ schema, policy, database: databaseOf([tableOf('User', [])]) })
    assert.deepEqual(
      found.map(({ code }) => code),
      ['missing-${name}'],
    )
    assert.notDeepEqual(kindOf('${field}').commonNames, [])
  })
})
`
