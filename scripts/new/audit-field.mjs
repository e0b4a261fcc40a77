import fs from 'node:fs'
import path from 'node:path'
import { root } from '../install.mjs'
import { insertSorted } from './changes.mjs'
import { camelCase, titleCase, upperCamelCase } from './names.mjs'

/**
 * A field for the user who did something (`deleted-by`) or is something (`reviewer-id`), or for a moment (`deleted-at`,
 * `archived-on`), derived from the current `createdBy`, `ownerId` or `createdAt`.
 */
export function auditField(name) {
  const [, stem, end] = /^(.+)-(by|id|at|on|date|time)$/.exec(name) ?? []
  if (stem === undefined) {
    throw new Error(
      'The name of an audit field says a user (deleted-by, reviewer-id) or a moment (deleted-at, archived-on, closing-date).',
    )
  }
  const field = camelCase(name)
  const kind = kindText(name, stem, end)
  const test = `test/unit/audit-fields/${name}.test.ts`
  const kinds = 'server/src/audit-fields/kinds.ts'
  return {
    test,
    next:
      `read server/src/audit-fields/${name}.ts line by line: it is derived from ${MODELS[end]}. Translate its meaning in ${GERMAN}, and add ` +
      `its settings to the table in docs/policy.md. ` +
      "PRISMA_AUDIT_UPDATE=1 npm run mocha -- unit/audit/parse-policy updates the policy's JSON schema.",
    changes: [
      { file: `server/src/audit-fields/${name}.ts`, text: kind },
      insertSorted(kinds, /^import \{.* from '(\.\/[^']*)'$/, `import { ${field} } from './${name}'`),
      { file: kinds, before: /^(const KINDS = \[[^\]]*)\] as const/, text: `, ${field}` },
      { file: 'docs/findings.md', before: /^## Drift between schema and database$/, text: sectionText(name, field) },
      { file: 'docs/policy.md', before: /^(\| `rules\[\]\.require` \|.*) \|$/, text: `, \`"${field}"\`` },
      // In English: the test of the translations fails until it is in German.
      insertSorted(GERMAN, /^ {2}"(wh.*)": "/, `  "${meaningIn(kind)}": "${meaningIn(kind)}",`),
      { file: POLICY_TEST, before: /^ {6}\},\n {6}actor: \{/, text: defaultsText(field, end) },
      { file: test, text: testText(name, field) },
    ],
  }
}

const GERMAN = 'l10n/bundle.l10n.de.json'

const POLICY_TEST = 'test/unit/audit/parse-policy.test.ts'

const MODELS = {
  by: 'createdBy',
  id: 'ownerId',
  at: 'createdAt',
  on: 'createdAt',
  date: 'createdAt',
  time: 'createdAt',
}

/** The description of the model with the new name, without other common names and without what follows its types. */
function kindText(name, stem, end) {
  const file = { createdBy: 'created-by.ts', ownerId: 'owner-id.ts', createdAt: 'created-at.ts' }[MODELS[end]]
  const model = fs
    .readFileSync(path.join(root, 'server', 'src', 'audit-fields', file), 'utf8')
    .replace(/(?<=^export interface [^]*?^\}\n)[^]*$/m, '')
    // Only the creation of a row has its time by default.
    .replace("'@default(now())'", "''")
    .replace("'CURRENT_TIMESTAMP'", 'null')
    .replace(
      ", from the column's default. It is unknown for existing rows: they keep NULL.",
      ', written by the application.',
    )
    .replace(/commonNames: \[[^\]]*\]/, 'commonNames: []')
  return end === 'id' ? personText(model, stem) : deedText(model, name, stem, end)
}

function meaningIn(kind) {
  return /meaning: '(.*)'/.exec(kind)?.[1]
}

/** The expected default settings of the field. */
function defaultsText(field, end) {
  const defaults = {
    createdBy: "relation: true, type: null, onDelete: 'SetNull'",
    ownerId: "relation: true, type: null, required: false, populate: 'first-user', onDelete: 'SetNull'",
    createdAt: "required: false, populate: 'none'",
  }[MODELS[end]]
  const lines = `column: '${field}', aliases: [], index: true, ${defaults}`
    .split(', ')
    .map((each) => `          ${each},`)
  return `        ${field}: {\n${lines.join('\n')}\n        },\n`
}

function deedText(model, name, stem, end) {
  const upperEnd = titleCase(end)
  return model
    .replaceAll(/missing-created-(?:at|by)/g, `missing-${name}`)
    .replaceAll(/(?<=[cC]reated)(?:At|By)/g, upperEnd)
    .replaceAll('created_', `${stem.replaceAll('-', '_')}_`)
    .replaceAll('Created', upperCamelCase(stem))
    .replaceAll('created', camelCase(stem))
}

function personText(model, stem) {
  const [camel, upper, words] = [camelCase(stem), upperCamelCase(stem), stem.replaceAll('-', ' ')]
  return model
    .replace(/meaning: '.*'/, `meaning: 'which user its ${words} is'`)
    .replaceAll('Which user owns a row.', `Which user the ${words} of a row is.`)
    .replace(
      /lists: \[.*\]/,
      `lists: [\`${camel}\${upperPlural}\`, \`\${lowerPlural}Of${upper}\`, \`all${upper}\${upperPlural}\`]`,
    )
    .replaceAll('missing-owner-id', `missing-${stem}-id`)
    .replaceAll('owner_id', `${stem.replaceAll('-', '_')}_id`)
    .replaceAll('OwningUser', `Current${upper}`)
    .replaceAll('owningUser', `current${upper}`)
    .replaceAll(/owner(?=Id|User)/g, camel)
    .replaceAll("'owner'", `'${camel}'`)
    .replaceAll('Owner', upper)
    .replaceAll(/\bowner\b/g, words)
}

const sectionText = (name, field) => `### missing-${name}

The policy requires \`${field}\`. Say what it means for a row, and what satisfies it.

\`\`\`
Lead has no ${field} (say what it means): it is missing in the schema and in the database.
\`\`\`

**Fix:** say what the schema edit and the migration add.
**Ignore:** \`/// @audit-ignore ${field}: why\` above the model.

`

const testText = (name, field) => `import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { kindOf } from '../../../server/src/audit-fields/kinds'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from '../audit/database-builder'

describe('${field}', () => {
  it('missing-${name} is reported if the policy requires it, and has other common names', () => {
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
