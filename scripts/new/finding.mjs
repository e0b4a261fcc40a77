import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'

/** A rule on a table that stands in the schema and in the database. */
export function finding(name) {
  const rule = camelCase(name)
  const test = `test/unit/audit/${name}.test.ts`
  const comparison = 'server/src/audit/compare-model.ts'
  return {
    test,
    next: `say in server/src/audit/rules/${name}.ts which columns it is about, and give the test a table that has one.`,
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

/** \`${name}\`: say here what is so, and what comes of it. */
export const ${rule}: TableRule = (pair) =>
  pair.actual.columns.filter(isMeant).map((column) =>
    pairFinding(pair, {
      code: '${name}',
      severity: 'warning',
      message: phrase\`The column "\${column.name}" of \${nameOf(pair.expected)} is … Say what to do.\`,
      column: column.name,
      expected: null,
      actual: column.type,
    }),
  )

/** Which columns the finding is about. A rule that looks beyond its own table adds that to \`databaseInputs\`. */
function isMeant(column: Column): boolean {
  return column.name === ''
}
`

const sectionText = (name) => `### ${name}

Say here what the database has, and what comes of it for whoever reads or writes the table.

\`\`\`
The column "name" of Model is … Say what to do.
\`\`\`

**Fix:** say what to run or to write.

`

const testText = (name) => `import assert from 'node:assert/strict'
import { compare } from '../../../server/src/audit/compare'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { databaseOf, tableOf } from './database-builder'

describe('${name}', () => {
  const schema = parseSchema([{ path: 'schema.prisma', text: 'model Lead {\\n  id Int @id\\n}\\n' }])

  it('is found where it is so, and nowhere else', () => {
    // Give the first table what the finding is about, and the second what is nearly so.
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
