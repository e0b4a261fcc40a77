import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commentOf, readStrangersComment, withoutEffects } from '../../../action/src/comment'
import { readInputs } from '../../../action/src/inputs'

describe('the comment of an unprivileged run', () => {
  let folder: string

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-stranger-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const read = (text: string, length = text.length): string => {
    const file = path.join(folder, 'comment.md')
    fs.writeFileSync(file, text)
    if (length > text.length) fs.truncateSync(file, length)
    return readStrangersComment(file, folder)
  }

  it('has no effects beyond its text', () => {
    for (const [hostile, harmless] of [
      ['@octocat &#64;octocat &commat;octocat', '@_octocat &_#_64;octocat &_commat;octocat'],
      ['![x](y) [x](y) [x][y] [x]: y', '!_[x]_(y) [x]_(y) [x]_[y] [x]_: y'],
      [
        '<img src=x> </details> <!-- other-bot --> <https://x.y>',
        '<_img src=x> <_/details> <_!-- other-bot --> <_https_://x.y>',
      ],
      ['HTTPS://x.y www.x.y mailto:x', 'HTTPS_://x.y www_.x.y mailto_:x'],
      ['#12 a/b#12 GH-12', '#_12 a/b#_12 GH_-12'],
      ['```mermaid\nx\n```', '```\nx\n```'],
      ['``` x ``` @y', '``` x ``` @_y'],
      ['> - ~~~~geojson x\ny\n> - ~~~~', '> - ~~~~\ny\n> - ~~~~'],
      ['1 < 2 & 3 `x` | y | **z** # heading', '1 < 2 & 3 `x` | y | **z** # heading'],
    ] as const)
      assert.equal(withoutEffects(hostile).replaceAll('\u200b', '_'), harmless)
  })

  it('looks the same where it is ours, and says whose text it is', () => {
    const file = 'prisma/migrations/1_all/migration.sql'
    const place = { line: 0, character: 0 }
    const range = { start: place, end: place }
    const finding = { severity: 'error', range, message: 'See https://x.y, @octocat and #1: <b>"T"</b>' } as const
    const findings = [
      { ...finding, code: 'drop-table', file },
      { ...finding, code: 'replay-failed', file: null, message: 'No database.' },
    ]
    const files = { sarif: null, junit: null }
    const markdown = '## Prisma Audit\n\n| | Code |\n| --- | --- |\n| error | `drop-table` |\n'
    const ours = commentOf({ findings, unlisted: findings, markdown, failed: false, files }, 'warning')
    const visible = (text: string) => text.replaceAll('\u200b', '')
    const said = '\n\nThis text is from a run of the pull request, whose code can change it.'
    assert.equal(visible(read(ours)).replace(said, ''), visible(ours))
  })

  it('is read through no link, also where the workspace has another name, as temporary folders do on macOS and Windows', () => {
    const workspace = path.join(folder, 'workspace')
    const another = path.join(folder, 'another')
    const elsewhere = path.join(folder, 'elsewhere')
    for (const name of [workspace, elsewhere]) fs.mkdirSync(name)
    fs.symlinkSync(workspace, another, 'junction')
    fs.writeFileSync(path.join(elsewhere, 'comment.md'), 'a secret of the job')
    fs.symlinkSync(elsewhere, path.join(workspace, 'artifact'), 'junction')
    for (const given of [workspace, another]) {
      const inputs = readInputs({ GITHUB_WORKSPACE: given, 'INPUT_COMMENT-FILE': 'artifact/comment.md' })
      assert.throws(() => readStrangersComment(String(inputs.commentFile), inputs.workspace), /is not a regular file/)
    }
  })

  it('is cut where it is longer than a comment may be, without reading all of it', () => {
    const long = read('\u{1f600} and @octocat\n'.repeat(20_000), 3_000_000_000)
    assert.ok(long.length < 65_536, String(long.length))
    assert.doesNotMatch(long, /@octocat/)
  })
})
