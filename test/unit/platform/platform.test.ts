import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { isInside, shownPath } from '../../../server/src/platform/inside'
import { makeFolders, removeFile, renameOver } from '../../../server/src/platform/lasting-files'
import { endTree, treeOptions } from '../../../server/src/platform/process-trees'
import { programFile, startableCommand } from '../../../server/src/platform/start-command'
import { userFolder, type UserFolder } from '../../../server/src/platform/user-folders'

/** What differs between systems, as it is on each of them. */
describe('platform', () => {
  it('tells what is inside a folder by the rules of each system', () => {
    const { win32, posix } = path
    for (const [folder, file, rules, expected] of [
      ['/app', '/app', posix, true],
      ['/app', '/app/..hidden/schema.prisma', posix, true],
      ['/app', '/apple', posix, false],
      ['/app', '/App/schema.prisma', posix, false],
      ['/app', '/', posix, false],
      ['C:\\app', 'c:\\App\\prisma\\schema.prisma', win32, true],
      ['C:\\app', 'C:/app/prisma', win32, true],
      ['C:\\app', 'D:\\app\\prisma', win32, false],
      ['C:\\app', 'C:\\apple', win32, false],
      ['\\\\server\\share\\app', '\\\\server\\share\\app\\prisma', win32, true],
      ['\\\\server\\share\\app', 'C:\\app', win32, false],
    ] as const) {
      assert.equal(isInside(folder, file, rules), expected, `${file} in ${folder}`)
    }
    assert.equal(shownPath('C:\\Work\\app', 'c:\\work\\app\\prisma\\schema.prisma', win32), 'prisma/schema.prisma')
    assert.equal(shownPath('C:\\app', 'D:\\app\\schema.prisma', win32), 'D:\\app\\schema.prisma')
    assert.equal(shownPath('/a\\b', '/a\\b/c\\d.prisma', posix), 'c\\d.prisma')
  })

  it("finds the user's folders by the customs of each system", () => {
    const at = (kind: UserFolder, platform: NodeJS.Platform, environment: Record<string, string>) =>
      userFolder(kind, { environment, platform, home: platform === 'win32' ? 'C:\\Users\\a' : '/home/a' })
    assert.equal(at('cache', 'linux', {}), '/home/a/.cache/prisma-audit')
    assert.equal(at('state', 'linux', { XDG_STATE_HOME: '/state' }), '/state/prisma-audit')
    assert.equal(at('state', 'linux', { XDG_STATE_HOME: 'relative' }), '/home/a/.local/state/prisma-audit')
    assert.equal(at('config', 'darwin', {}), '/home/a/Library/Application Support/prisma-audit')
    assert.equal(at('state', 'darwin', {}), '/home/a/Library/Logs/prisma-audit')
    assert.equal(at('config', 'win32', { APPDATA: 'C:\\Roaming' }), 'C:\\Roaming\\prisma-audit')
    assert.equal(at('cache', 'win32', { XDG_CACHE_HOME: '/x' }), 'C:\\Users\\a\\AppData\\Local\\prisma-audit')
  })

  it('starts a .cmd by the shell of Windows, and nothing that this shell would obey', () => {
    const onWindows = (...command: string[]) => startableCommand(command, { ComSpec: 'C:\\cmd.exe' }, 'win32')
    const inShell = (line: string) => ({
      program: 'C:\\cmd.exe',
      words: ['/d', '/s', '/c', `"${line}"`],
      windowsVerbatimArguments: true,
    })
    assert.deepEqual(onWindows('npm', 'run', 'dev'), inShell('npm run dev'))
    // A slash would start an option, and the first and the last quote are the shell's.
    assert.deepEqual(onWindows('./node_modules/.bin/next', 'dev'), inShell('.\\node_modules\\.bin\\next dev'))
    assert.deepEqual(
      onWindows('C:/Program Files/nodejs/npm.cmd', 'run', 'my dev', 'C:\\my app\\', ''),
      inShell('"C:\\Program Files\\nodejs\\npm.cmd" run "my dev" "C:\\my app\\\\" ""'),
    )
    const unchanged = { words: ['a & b'], windowsVerbatimArguments: false }
    assert.deepEqual(onWindows('node.EXE', 'a & b'), { program: 'node.EXE', ...unchanged })
    for (const word of ['a & calc', '%PATH%', 'a"b', 'x\ny']) assert.equal(onWindows('npm', word), null, word)
    assert.deepEqual(startableCommand(['npm', 'a & b'], {}, 'linux'), { program: 'npm', ...unchanged })
    assert.equal(programFile('pg_dump', 'win32'), 'pg_dump.exe')
    assert.equal(programFile('pg_dump', 'darwin'), 'pg_dump')
  })

  it('ends a tree of processes by taskkill on Windows, and survives where that is missing', async () => {
    assert.deepEqual(treeOptions('win32'), { detached: false, windowsHide: true })
    assert.equal(treeOptions('darwin').detached, true)
    const started: string[][] = []
    for (const event of ['exit', 'error']) {
      await endTree(812, 'SIGTERM', {
        platform: 'win32',
        start(program, words) {
          started.push([program, ...words])
          const child = new EventEmitter()
          setImmediate(() => child.emit(event, new Error('ENOENT')))
          return child
        },
      })
    }
    assert.deepEqual(started, Array(2).fill(['taskkill', '/pid', '812', '/T', '/F']))
  })

  it('creates a folder with its parents, and nothing where a file or a broken link is in the way', () => {
    const around = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-folders-'))
    try {
      const [folder, file, link] = ['a/b/c', 'file', 'link'].map((name) => path.join(around, name)) as [
        string,
        string,
        string,
      ]
      makeFolders(folder, 0o700)
      makeFolders(folder, 0o700)
      for (const each of [folder, path.dirname(folder)]) assert.equal(fs.statSync(each).mode & 0o777, 0o700)
      fs.writeFileSync(file, '')
      fs.symlinkSync(path.join(around, 'nowhere'), link)
      for (const each of [file, link, path.join(file, 'a'), path.join(link, 'a', 'b')]) {
        assert.throws(() => makeFolders(each), /EEXIST|ENOTDIR/)
      }
      assert.throws(() => makeFolders(path.join(around, 'x/'.repeat(3000))), /ENAMETOOLONG/)
      assert.deepEqual(fs.readdirSync(around).sort(), ['a', 'file', 'link'])
    } finally {
      fs.rmSync(around, { recursive: true, force: true })
    }
  })

  it('renames and deletes again while Windows has the file open, and gives up elsewhere at once', () => {
    const failing = (times: number, code: string) => {
      let calls = 0
      return {
        work: () => {
          if (++calls <= times) throw Object.assign(new Error(code), { code })
        },
        calls: () => calls,
      }
    }
    const kinds = [
      (platform: NodeJS.Platform, rename: () => void) => renameOver('a', 'b', { platform, rename }),
      (platform: NodeJS.Platform, rm: () => void) => removeFile('a', { platform, rm }),
    ]
    for (const run of kinds) {
      for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
        const { work, calls } = failing(2, code)
        run('win32', work)
        assert.equal(calls(), 3)
      }
      for (const [platform, code] of [
        ['linux', 'EPERM'],
        ['win32', 'ENOENT'],
      ] as const) {
        const { work, calls } = failing(1, code)
        assert.throws(() => run(platform, work))
        assert.equal(calls(), 1)
      }
    }
  })
})
