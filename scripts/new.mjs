// `npm run new -- KIND NAME` creates what a common change needs: the files, their registration, a section of the
// documentation, and a test that fails until the work is done. CONTRIBUTING.md says what comes next.
import { auditField } from './new/audit-field.mjs'
import { applyChanges } from './new/changes.mjs'
import { check } from './new/check.mjs'
import { command } from './new/command.mjs'
import { finding } from './new/finding.mjs'
import { lintRule } from './new/lint-rule.mjs'
import { stepKind } from './new/step-kind.mjs'
import { root } from './install.mjs'

const KINDS = { finding, 'lint-rule': lintRule, command, 'audit-field': auditField, 'step-kind': stepKind, check }

const [kind = '', name = ''] = process.argv.slice(2)
if (!Object.hasOwn(KINDS, kind) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  console.error(
    `Usage: npm run new -- ${Object.keys(KINDS).join('|')} NAME, with the name in lower case and hyphens: my-name`,
  )
  process.exit(2)
}
try {
  const { changes, test, next } = KINDS[kind](name)
  for (const line of applyChanges(root, changes)) console.log(line)
  console.log(`\nNext: ${next}\nThe test fails until then: npm run mocha -- ${test}`)
} catch (error) {
  console.error(error.message)
  process.exit(2)
}
