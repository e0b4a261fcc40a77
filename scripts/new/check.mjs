import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'

/** A check of the verification about an audit field. */
export function check(name) {
  const build = `${camelCase(name)}Check`
  const test = `test/unit/migration/${name}-check.test.ts`
  const checks = 'server/src/migration/plan/verification-checks.ts'
  return {
    test,
    next:
      `write the query in server/src/migration/plan/checks/${name}.ts and its title in server/src/migration/plan/check-titles.ts, with its German in l10n/bundle.l10n.de.json, and say in ${checks} for which fields it runs (now for ` +
      'all). database/migration/verification runs it. PRISMA_AUDIT_UPDATE=1 npm run mocha -- unit/migration sample-scripts ' +
      'rewrites the generated SQL.',
    changes: [
      { file: `server/src/migration/plan/checks/${name}.ts`, text: checkText(build) },
      insertSorted(checks, /^import \{.* from '(\.\/checks\/[^']*)'$/, `import { ${build} } from './checks/${name}'`),
      {
        file: checks,
        before: /^ {4}\.\.\.targets\.flatMap\(\(target\) => triggerChecks\(/,
        text: `    ...targets.map((target) => ofField(target, '${name}', ${build}(target))),\n`,
      },
      { file: test, text: testText(name, build) },
    ],
  }
}

const checkText = (build) => `import type { Check } from '../../../verification/model'
import type { ColumnPlace } from '../audit-target'

/** Say what it proves. */
export function ${build}({ table, column }: ColumnPlace): Check {
  return {
    title: \`\${table}.\${column} … Say what is true if it passes.\`,
    // One row with one column, \`found\`, in text: what the database has instead, in words, if it is not as expected.
    sql: \`SELECT 'say what is found' AS "found"\`,
    expected: 'as it must be',
    mode: 'read',
  }
}
`

const testText = (name, build) => `import assert from 'node:assert/strict'
import { ${build} } from '../../../server/src/migration/plan/checks/${name}'

describe('the check ${name}', () => {
  it('queries its own table', () => {
    const column = { column: 'ownerId', nullable: true, type: null }
    const { sql } = ${build}({ schema: 'public', table: 'Lead', databaseTable: null, ...column })
    assert.match(sql, /"public"\\."Lead"/)
  })
})
`
