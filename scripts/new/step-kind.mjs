import { insertSorted } from './changes.mjs'
import { camelCase } from './names.mjs'

/** A kind of step that changes a column. */
export function stepKind(name) {
  const build = camelCase(name)
  const test = `test/unit/migration/${name}.test.ts`
  const builders = 'server/src/migration/run/recipes/builders.ts'
  return {
    test,
    next:
      `write the SQL in server/src/migration/plan/steps/${name}.ts, its texts in server/src/migration/step-kinds.ts and its title in ` +
      'server/src/migration/plan/step-titles.ts, with its German in l10n/bundle.l10n.de.json, and give the step its place in the order: server/src/migration/plan/audit-field-steps.ts (drift: plan/drift/plan-drift.ts).',
    changes: [
      { file: `server/src/migration/plan/steps/${name}.ts`, text: stepText(name, build) },
      { file: 'server/src/migration/step-kinds.ts', before: /^ {2}'record-history': \{/, text: factsText(name) },
      insertSorted(
        builders,
        /^import \{.* from '(\.\.\/\.\.\/plan\/steps\/[^']*)'$/,
        `import { ${build} } from '../../plan/steps/${name}'`,
      ),
      {
        file: builders,
        before: /^ {2}'record-history': builder\(/,
        text: `  ${quoted(name)}: builder(columnPlace, (place) => ${build}(withTable(place))),\n`,
      },
      { file: test, text: testText(name, build) },
    ],
  }
}

/** As Prettier wants a key. */
function quoted(name) {
  return name.includes('-') ? `'${name}'` : name
}

const stepText = (name, build) => `import type { Step } from '../../model'
import type { ColumnPlace } from '../audit-target'
import { columnCheck } from '../checks/column'
import { wholeTree } from '../partitions'
import { recipeColumn } from '../recipe-parts'
import { titleOfColumn } from '../titles'
import { step } from './step'

/** Say what it changes, and why in this way. */
export function ${build}(place: ColumnPlace): Step {
  return step({
    // All that the step is built from: the journal stores it, and a rollback rebuilds the step from it.
    recipe: { builder: '${name}', parameters: recipeColumn(place) },
    id: \`${name}:\${place.schema}.\${place.table}.\${place.column}\`,
    kind: '${name}',
    title: \`Say what it does to \${titleOfColumn(place)}\`,
    schema: place.schema,
    table: place.table,
    up: ['SELECT 1'],
    down: ['SELECT 1'],
    // A run skips a step whose checks pass: they say whether the step is done.
    verify: [columnCheck(place, 'type only')],
    lock: { mode: 'ACCESS EXCLUSIVE', tables: wholeTree(place), duration: 'brief' },
  })
}
`

const factsText = (name) => `  ${quoted(name)}: {
    builders: ['${name}'],
    why: phrase\`Say why it is run, and run in this way.\`,
    whyBack: 'Say why it is rolled back in this way.',
    work: ['change', 'column'],
    creates: null,
  },
`

const testText = (name, build) => `import assert from 'node:assert/strict'
import { ${build} } from '../../../server/src/migration/plan/steps/${name}'
import { definitionOf, rebuildSteps } from '../../../server/src/migration/run/recipes/rebuild-step'

describe('the step ${name}', () => {
  const type = { sql: 'integer', catalog: 'integer', dataType: 'integer' }
  const place = { schema: 'public', table: 'Lead', column: 'ownerId', nullable: true, type, databaseTable: null }

  it('is rebuilt from the journal, and names its table', async () => {
    const step = ${build}(place)
    assert.deepEqual(await rebuildSteps([{ label: step.title, definition: definitionOf(step) }]), [step])
    for (const sql of [...step.up, ...step.down]) assert.match(sql, /"public"\\."Lead"/)
  })
})
`
