import assert from 'node:assert/strict'
import { annotationsOf, logOf, type ActionFinding } from '../../../action/src/annotations'
import { commentOf } from '../../../action/src/comment'

describe('the action, of more findings than GitHub shows', () => {
  const file = 'prisma/migrations/1_all/migration.sql'
  const findings = Array.from({ length: 1000 }, (_, line): ActionFinding => {
    const place = { line, character: 0 }
    const message = `"t${line}"\n::error::forged ##[add-mask]forged`
    return {
      code: 'drop-table',
      severity: line % 2 === 0 ? 'warning' : 'hint',
      message,
      file,
      range: { start: place, end: place },
    }
  })

  it('says with the last annotation where the others are', () => {
    const annotations = annotationsOf(findings)
    assert.equal(annotations.length, 10)
    assert.equal(
      annotations.at(-1),
      `::warning title=Prisma Audit::491 more are in the job's log, under "All findings".`,
    )
  })

  it('lists all in the log, a line each, of which none is a command of the runner', () => {
    const [first, ...lines] = logOf(findings)
    assert.equal(first, '::group::All findings')
    assert.equal(lines.pop(), '::endgroup::')
    assert.equal(lines.length, 1000)
    assert.equal(lines[999], `hint drop-table ${file}:1000:1 "t999" ::error::forged # #[add-mask]forged`)
    for (const line of lines) assert.doesNotMatch(line, /^\s*::|##\[|[\r\n]/)
    assert.deepEqual(logOf([]), [])
  })

  it('cuts the comment at a line, and says where the rest is', () => {
    const files = { sarif: null, junit: null }
    const markdown = `## Prisma Audit\n\n${'| a | 😀 row |\n'.repeat(6000)}`
    const text = commentOf({ findings, markdown, failed: false, files }, 'warning')
    assert.ok(text.length < 60_100, `${text.length}`)
    assert.match(text, /… and 450 more in the job's log \|\n/)
    assert.match(text, /\n\| a \| 😀 row \|\n\n… The rest is in the job's log\.\n$/)
  })
})
