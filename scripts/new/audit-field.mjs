import fs from 'node:fs'
import path from 'node:path'
import { root } from '../install.mjs'
import { insertSorted } from './changes.mjs'
import { camelCase, titleCase, upperCamelCase } from './names.mjs'

/**
 * A field for who did something (`deleted-by`), for who is something (`reviewer-id`) or for a moment (`deleted-at`,
 * `archived-on`), made after `createdBy`, `ownerId` or `createdAt` as they are now.
 */
export function auditField(name) {
  const [, stem, end] = /^(.+)-(by|id|at|on|date|time)$/.exec(name) ?? []
  if (stem === undefined) {
    throw new Error(
      'An audit field is named for a user (deleted-by, reviewer-id) or a moment (deleted-at, archived-on, closing-date).',
    )
  }
  const field = camelCase(name)
  const kind = kindText(name, stem, end)
  const test = `test/unit/audit-fields/${name}.test.ts`
  const kinds = 'server/src/audit-fields/kinds.ts'
  return {
    test,
    next:
      `read server/src/audit-fields/${name}.ts line by line: it says what ${MODELS[end]} says. Translate its meaning in ${GERMAN}. ` +
      "PRISMA_AUDIT_UPDATE=1 npm run mocha -- unit/audit/parse-policy writes the policy's JSON schema anew.",
    changes: [
      { file: `server/src/audit-fields/${name}.ts`, text: kind },
      insertSorted(kinds, /^import \{.* from '(\.\/[^']*)'$/, `import { ${field} } from './${name}'`),
      { file: kinds, before: /^(const KINDS = \[[^\]]*)\] as const/, text: `, ${field}` },
      { file: 'docs/findings.md', before: /^## Drift between schema and database$/, text: sectionText(name, field) },
      // As in English: the test of the translations fails until it is in German.
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

/** The description of the model, with the other name in it, none of its other common names, and nothing behind it. */
function kindText(name, stem, end) {
  const file = { createdBy: 'created-by.ts', ownerId: 'owner-id.ts', createdAt: 'created-at.ts' }[MODELS[end]]
  const model = fs
    .readFileSync(path.join(root, 'server', 'src', 'audit-fields', file), 'utf8')
    .replace(/\n\/\*\* Names of fields and columns that say since when[^]*$/, '')
    .replace(/commonNames: \[[^\]]*\]/, 'commonNames: []')
  return end === 'id' ? personText(model, stem) : deedText(model, name, stem, end)
}

function meaningIn(kind) {
  return /meaning: '(.*)'/.exec(kind)?.[1]
}

/** What a policy that says nothing of the field is expected to say. */
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

The policy requires \`${field}\`. Say here what it tells of a row, and what satisfies it.

\`\`\`
Lead has no ${field} (say what it tells): it is missing in the schema and in the database.
\`\`\`

**Fix:** say what the edit of the schema and the migration add.
**Ignore:** \`/// @audit-ignore ${field}: why\` above the model.

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
