import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { MessageType } from 'vscode-languageserver-protocol'
import { ConnectRequest } from '../../protocol/src/index'
import { usePostgres } from '../support/postgres'
import { useSampleInEditor } from './support/command-editor'

describe('the database that the commands of the language server work on', () => {
  const postgres = usePostgres()
  const sample = useSampleInEditor(postgres)

  it('nothing in a workspace that is not trusted', async () => {
    const connections = (): number => postgres.log().split(`database=${sample.workspace.database.name}`).length
    const before = connections()
    const editor = await sample.open({ trusted: false })
    const status = await editor.client.status((state) => state.connection === 'untrusted')
    assert.equal(status.databaseLabel, '')
    for (const command of ['guided', 'rehearse'] as const) await assert.rejects(editor.execute(command), /not trusted/)
    assert.equal(connections(), before)
  })

  it('with the URL that the user stored before all others, and a refused password is tried once', async () => {
    const url = new URL(sample.workspace.database.url)
    url.password = 'wr0ng-pass'
    const refused = (): number => postgres.log().split('password authentication failed').length
    const before = refused()
    const editor = await sample.open({ storedUrl: url.href })
    await editor.client.status((state) => state.connection === 'refused')
    editor.client.change(
      sample.workspace.schemaFile,
      '// an edit\n' + fs.readFileSync(sample.workspace.schemaFile, 'utf8'),
    )
    await editor.client.diagnostics(sample.workspace.schemaFile, (all) =>
      all.some(({ range }) => range.start.line === 10),
    )
    assert.equal(refused() - before, 1)
    // Whoever asks for it has it tried again.
    const checked = await editor.execute('check')
    assert.deepEqual(
      [checked.status, checked.next],
      [
        'failed',
        [
          { command: 'connect', label: 'Connect to Database…' },
          { command: 'check', label: 'Retry' },
        ],
      ],
    )
    const refusals = refused()
    assert.match(logged(MessageType.Warning), /: refused, /)
    assert.match(logged(MessageType.Info), /^Check Schema Against Database for \S+: started$/m)
    assert.match(logged(MessageType.Error), /: failed after \d+\.\d s\nFailed \[[a-z-]+\]:\n[^]*\n {4}at /)
    assert.ok(!editor.log.some(({ message }) => message.includes(url.password)))
    assert.equal(editor.traced.length, 0)
    await editor.client.connection.sendNotification('$/setTrace', { value: 'messages' })
    const answer = await editor.client.connection.sendRequest(ConnectRequest, {
      documentUri: null,
      url: sample.workspace.database.url,
    })
    assert.equal(answer.connected, true, answer.message)
    await editor.client.status((state) => state.connection === 'connected')
    assert.equal(refused(), refusals)
    assert.match(logged(MessageType.Info), /: connected, /)
    assert.match(editor.traced.join('\n'), /^(?:SQL in \d+\.\d ms: \S.*(?:\n|$))+$/)
    assert.ok(
      editor.traced.every((line) => !line.includes('\\n')),
      'each as one line',
    )
  })

  it('a backup goes where the setting says, and to backups/ once that is emptied; restored, it can be connected to', async () => {
    const settings = { backupDirectory: 'elsewhere' }
    let asked: () => void = () => undefined
    const editor = await sample.open({
      settings: () => {
        asked()
        return settings
      },
    })
    const folderOf = async (): Promise<string> => {
      editor.output = ''
      assert.equal((await editor.execute('backup')).status, 'done', editor.output)
      return path.relative(sample.workspace.folder, path.dirname(/^ {2}file +(.+)$/m.exec(editor.output)?.[1] ?? ''))
    }
    assert.equal(await folderOf(), 'elsewhere')
    settings.backupDirectory = ''
    // The answer then reaches the server before the command.
    const askedAgain = new Promise<void>((resolve) => (asked = resolve))
    await editor.client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
    await askedAgain
    assert.equal(await folderOf(), 'backups')
    const restored = await editor.execute('restore')
    const name = /^Restored into the new database (\w+)\.$/.exec(restored.message)?.[1]
    assert.ok(name !== undefined, restored.message)
    await sample.workspace.database.query(`DROP DATABASE ${name}`)
    assert.deepEqual(restored.next, [{ command: 'connect', label: 'Connect to Database…' }])
  })

  it('a URL that does not connect is told and not used', async () => {
    const editor = await sample.open()
    const answer = await editor.client.connection.sendRequest(ConnectRequest, {
      documentUri: null,
      url: 'postgresql://a:secret@127.0.0.1:1/b',
    })
    assert.equal(answer.connected, false)
    assert.ok(!answer.message.includes('secret'))
    await editor.client.status((state) => state.connection === 'connected')
    // The findings are in Problems: not in the output as well, which would hide what is shown there.
    editor.output = ''
    const { message, next } = await editor.execute('check')
    assert.match(message, /^\d+ findings\.$/)
    assert.deepEqual([next, editor.output], [[{ command: 'showProblems', label: 'Show Problems' }], ''])
  })

  function logged(type: MessageType): string {
    const messages = sample.editor.log.filter((each) => each.type === type).map(({ message }) => message)
    return messages.join('\n')
  }
})
