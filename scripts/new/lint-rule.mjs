import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'

/** A check on a statement of SQL. */
export function lintRule(name) {
  const rule = camelCase(name)
  const test = `test/unit/lint/${name}.test.ts`
  const rules = 'server/src/lint/rules/index.ts'
  return {
    test,
    next:
      `say in server/src/lint/rules/${name}.ts which statements it is about, and give the test one. The code, the rule and the ` +
      'section of docs/lint.md may move to another family; the three keep one order.',
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
    // Which statements it is about, by the names of PostgreSQL's grammar.
    if (node === null || !('CheckPointStmt' in node)) return []
    return [{ severity: 'warning', message: phrase\`Say what it does and locks.\`, advice: phrase\`Say the safe way.\` }]
  },
}
`

const sectionText = (name) => `### ${name}

Say here what the statement does, to whom, and the safe way.

`

const testText = (name) => `import { useLinter } from './support'

describe('lint: ${name}', () => {
  const { check } = useLinter()

  it('is found where it is so, and nowhere else', () => {
    // Give the first a statement that it is about, and the second one that is nearly so.
    check('SELECT 1;', ['${name}'])
    check('SELECT 2;', [])
  })
})
`
