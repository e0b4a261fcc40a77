import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { nameFolders, isFolderName } from '../../../server/src/migration/history/folder-names'
import { thisProcess } from '../../../server/src/files/temporary-folders'
import {
  createFile,
  isWritable,
  replaceFile,
  requireReplaceable,
  resolveWritable,
  writableFolders,
} from '../../../server/src/files/written-paths'

describe('the paths that are written', () => {
  let around: string
  let project: string
  beforeEach(() => {
    around = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-paths-')))
    project = path.join(around, 'project')
    fs.mkdirSync(path.join(project, 'a', 'b'), { recursive: true })
    fs.mkdirSync(path.join(around, 'outside'))
    fs.mkdirSync(path.join(around, 'project-2'))
  })
  afterEach(() => fs.rmSync(around, { recursive: true, force: true }))

  const link = (name: string, to: string) => fs.symlinkSync(to, path.join(project, name))

  it('are real, and in one of the folders, links on the way followed', () => {
    link('inner', 'a')
    link('outer', path.join(around, 'outside'))
    link('dangling', path.join(around, 'outside', 'not-there'))
    link('circle', 'circle')
    link('up', '..')
    link('chain', 'up')
    fs.writeFileSync(path.join(project, 'file'), '')
    const inside: Readonly<Record<string, string>> = {
      '': '',
      'a/new/deep/file.sql': 'a/new/deep/file.sql',
      'inner/b/new': 'a/b/new',
      'a/../inner/x': 'a/x',
      'up/project/a': 'a',
      'file/below': 'file/below',
      '..a': '..a',
    }
    for (const [given, real] of Object.entries(inside)) {
      assert.equal(resolveWritable(path.join(project, given), [project]), path.join(project, real), given)
    }
    const outside = [
      '..',
      '../project-2',
      'outer',
      'outer/x',
      'dangling',
      'dangling/x',
      'circle',
      'up/x',
      'chain/outside/x',
      // What cannot be looked at is not taken for a file that does not exist yet.
      `${'x'.repeat(300)}/x`,
    ]
    for (const given of outside) {
      // Joined by hand: `path.join` would take `..` out of it.
      const target = `${project}/${given}`
      assert.throws(() => resolveWritable(target, [project]), { code: 'path-outside-project' }, given)
      assert.equal(isWritable(target, [project]), false)
    }
    assert.equal(
      resolveWritable(path.join(project, 'outer', 'x'), [project, path.join(around, 'outside')]),
      path.join(around, 'outside', 'x'),
    )
    assert.equal(isWritable(path.join(project, 'outer', 'x'), [project, path.join(around, 'outside')]), true)
    assert.equal(isWritable(path.join(project, 'a', 'new'), [project]), true)
  })

  it('may lie in the rest of the repository, and never in all of the home folder', () => {
    const folders = (root: string, opened: string) => [...writableFolders(root, opened)].sort()
    assert.deepEqual(folders(path.join(project, 'a'), project), [project, path.join(project, 'a')])
    fs.mkdirSync(path.join(project, '.git'))
    assert.deepEqual(folders(path.join(project, 'a', 'b'), path.join(project, 'a')), [
      ...[project, path.join(project, 'a'), path.join(project, 'a', 'b')],
    ])
    const home = process.env.HOME
    process.env.HOME = path.join(project, 'a')
    try {
      assert.deepEqual(folders(path.join(project, 'a', 'b'), project), [path.join(project, 'a', 'b')])
      assert.deepEqual(folders(path.join(project, 'a', 'b'), '/'), [path.join(project, 'a', 'b')])
      // Also where the home folder is a link.
      fs.symlinkSync(path.join(project, 'a'), path.join(around, 'home'))
      process.env.HOME = path.join(around, 'home')
      assert.deepEqual(folders(path.join(project, 'a', 'b'), project), [path.join(project, 'a', 'b')])
    } finally {
      process.env.HOME = home
    }
  })

  it('a file is replaced as a whole, with its permissions, and nothing of it is left beside', () => {
    const file = path.join(project, 'schema.prisma')
    fs.writeFileSync(file, 'before', { mode: 0o640 })
    replaceFile(file, 'after')
    assert.equal(fs.readFileSync(file, 'utf8'), 'after')
    assert.equal(fs.statSync(file).mode & 0o777, 0o640)
    assert.deepEqual(fs.readdirSync(project).sort(), ['a', 'schema.prisma'])
  })

  it('a file that could not be replaced is found out before, and nothing of that is left either', () => {
    const file = path.join(project, 'schema.prisma')
    assert.throws(() => requireReplaceable(file), { code: 'file-not-writable' })
    fs.writeFileSync(file, 'before')
    requireReplaceable(file)
    assert.deepEqual(fs.readdirSync(project).sort(), ['a', 'schema.prisma'])
    fs.mkdirSync(path.join(project, `.schema.prisma.${thisProcess()}.prisma-audit-new`, 'x'), { recursive: true })
    assert.throws(() => requireReplaceable(file), { code: 'file-not-writable' })
  })

  it('nothing is left beside a file that cannot be replaced, and a new file replaces none and follows no link', () => {
    assert.throws(() => replaceFile(path.join(project, 'a'), 'x'), { code: 'file-not-writable' })
    assert.deepEqual(fs.readdirSync(project), ['a'])
    assert.throws(() => createFile(path.join(project, 'a', 'x'.repeat(300)), 'x'), { code: 'file-not-writable' })
    const file = path.join(project, 'new', 'deep', 'x.sql')
    createFile(file, 'first')
    link('leads-out', path.join(around, 'outside', 'x'))
    for (const taken of [file, path.join(project, 'leads-out')])
      assert.throws(() => createFile(taken, 'second'), { code: 'EEXIST' })
    assert.equal(fs.readFileSync(file, 'utf8'), 'first')
    assert.deepEqual(fs.readdirSync(path.join(around, 'outside')), [])
  })

  it('what a killed process left beside a file goes with the next write, what another one is writing stays', () => {
    const file = path.join(project, 'schema.prisma')
    const mine = thisProcess()
    const dead = mine.replace(/\d+$/, String(spawnSync(process.execPath, ['--version']).pid))
    const elsewhere = dead.replace(/^\d+/, '1')
    const left = [`.schema.prisma.${elsewhere}`, `.other.prisma.${dead}`, '.schema.prisma']
    for (const name of [
      'schema.prisma',
      ...[`.schema.prisma.${dead}`, ...left].map((one) => `${one}.prisma-audit-new`),
    ])
      fs.writeFileSync(path.join(project, name), 'before')
    replaceFile(file, 'after')
    assert.equal(fs.readFileSync(file, 'utf8'), 'after')
    assert.deepEqual(
      fs.readdirSync(project).sort(),
      ['a', 'schema.prisma', ...left.map((one) => `${one}.prisma-audit-new`)].sort(),
    )
  })

  it("a folder's name is one segment behind any name that a table has as the newest", () => {
    const now = new Date('2026-11-28T00:00:00Z')
    for (const newest of [
      '~/../../../.ssh',
      'x/../../y',
      '\\\\server\\share',
      'c:\\x',
      '..',
      '.hidden',
      'z\u0000\n',
      '~'.repeat(300),
    ]) {
      const [name = ''] = nameFolders(['add_columns'], { now, newest })
      assert.ok(isFolderName(name), name)
      assert.ok(!name.includes('/') && !name.startsWith('.'), name)
      if (newest > '3') assert.ok(name > newest.slice(0, 60).replace(/[/\\:*?"<>|\p{Cc}]/gu, '~'), name)
    }
  })
})
