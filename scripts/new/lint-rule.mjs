import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'
import { TRANSLATE } from './translate.mjs'

/** A check of an SQL statement. */
export function lintRule(name) {
  const rule = camelCase(name)
  const test = `test/unit/lint/${name}.test.ts`
  const rules = 'server/src/lint/rules/index.ts'
  return {
    test,
    next:
      `write in server/src/lint/rules/${name}.ts which statements it finds, and give the test one. The code, the rule and the ` +
      `section of docs/lint.md may move to another family; the three are in the same order. ${TRANSLATE}`,
    changes: [
      { file: `server/src/lint/rules/${name}.ts`, text: ruleText(name, rule) },
      insertSorted(rules, /^import \{.* from '(\.\/[^']*)'$/, `import { ${rule} } from './${name}'`),
      { file: rules, before: /^ {2}sqlSyntax,$/, text: `  ${rule},\n` },
      { file: 'server/src/lint/codes.ts', before: /^ {2}\/\/ The script itself\.$/, text: `  '${name}',\n` },
      { file: 'docs/lint.md', before: /^## The script itself$/, text: sectionText(name) },
      { file: test, text: testText(name) },
    ],
  }
}

const ruleText = (name, rule) => `import { phrase } from '../../text/phrase'
import type { LintRule } from '../context'

export const ${rule}: LintRule = {
  code: '${name}',
  check({ statement: { node } }) {
    // The statements that it finds, by the node names of PostgreSQL's grammar.
    if (node === null || !('CheckPointStmt' in node)) return []
    return [
      {
        severity: 'warning',
        message: phrase\`Say what the statement does and locks.\`,
        advice: phrase\`Say what is safe instead.\`,
      },
    ]
  },
}
`

const sectionText = (name) => `### ${name}

Say what the statement does, whom it blocks, and what is safe instead.

`

const testText = (name) => `import { useLinter } from './support'

describe('lint: ${name}', () => {
  const { check } = useLinter()

  it('is found in a statement that does it, and not in a similar one', () => {
    // Give the first check a statement that the rule finds, and the second one a similar one.
    check('SELECT 1;', ['${name}'])
    check('SELECT 2;', [])
  })
})
`
