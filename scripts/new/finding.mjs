import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'
import { TRANSLATE } from './translate.mjs'

/** A rule about a table that is in the schema and in the database. */
export function finding(name) {
  const rule = camelCase(name)
  const test = `test/unit/audit/${name}.test.ts`
  const comparison = 'server/src/audit/compare-model.ts'
  return {
    test,
    next: `write in server/src/audit/rules/${name}.ts which columns it finds, and give the test a table with one. ${TRANSLATE}`,
    changes: [
      { file: `server/src/audit/rules/${name}.ts`, text: ruleText(name, rule) },
      insertSorted(comparison, /^import .* from '(\.\/rules\/[^']*)'$/, `import { ${rule} } from './rules/${name}'`),
      { file: comparison, before: /^(const TABLE_RULES[^\]]*\[\]\s=\s\[[^\]]*\n)\]/, text: `  ${rule},\n` },
      {
        file: 'server/src/audit/finding.ts',
        before: /^(export const DATABASE_CODES = \[[^\]]*\n)\] as const/,
        text: `  '${name}',\n`,
      },
      { file: 'docs/findings.md', before: /^## The schema itself$/, text: sectionText(name) },
      { file: test, text: testText(name) },
    ],
  }
}

const ruleText = (name, rule) => `import type { Column } from '../../database/model'
import { phrase } from '../../text/phrase'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/** \`${name}\`: say what is wrong, and what follows from it. */
export const ${rule}: TableRule = (pair) =>
  pair.actual.columns.filter(isFound).map((column) =>
    pairFinding(pair, {
      code: '${name}',
      severity: 'warning',
      message: phrase\`The column "\${column.name}" of \${nameOf(pair.expected)} is … Say what to do.\`,
      column: column.name,
      expected: null,
      actual: column.type,
    }),
  )

/** The columns that it finds. A rule that reads more than its own table adds that to \`databaseInputs\`. */
function isFound(column: Column): boolean {
  return column.name === ''
}
`

const sectionText = (name) => `### ${name}

Say what the database has, and what follows for the application.

\`\`\`
The column "name" of Model is … Say what to do.
\`\`\`

**Fix:** say what to run or to change.

`

const testText = (name) => `import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from './database-builder'

describe('${name}', () => {
  const schema = parseSchema([{ path: 'schema.prisma', text: 'model Lead {\\n  id Int @id\\n}\\n' }])

  it('is found in a table that has it, and not in one that almost has it', () => {
    // Give the first table what the rule finds, and the second something similar.
    const found = [tableOf('Lead', []), tableOf('Lead', [])].map((table) =>
      compare({ schema, policy: null, database: databaseOf([table]) }).filter(({ code }) => code === '${name}'),
    )
    assert.deepEqual(
      found.map(({ length }) => length),
      [1, 0],
    )
  })
})
`
