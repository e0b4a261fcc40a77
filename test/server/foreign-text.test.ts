import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { CodeActionRequest, type CodeAction } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  CommandProgress,
  ConfirmRequest,
  ConnectRequest,
  ExecuteRequest,
  OutputNotification,
  PreviewNotification,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
  type ServerCommand,
} from '../../protocol/src/index'
import { fileName, HOSTILE_STRUCTURE, layOutHostileProject } from '../support/hostile-project'
import { startHostileServer } from '../support/hostile-server'
import { assertHarmless, HOSTILE } from '../support/hostile-text'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres, type TestDatabase } from '../support/postgres'

describe('the language server shows hostile names as text', function () {
  this.timeout(600_000)
  const postgres = usePostgres()
  let database: TestDatabase
  let folder: string
  let client: LspClient
  /** What the editor was told, by where it shows it. */
  let lines: string[]
  let texts: string[]

  before(async () => {
    database = await postgres.createDatabase({
      sql: `${HOSTILE_STRUCTURE}
        CREATE FUNCTION boom() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
          IF current_query() LIKE '%ADD COLUMN%' THEN RAISE EXCEPTION '%', repeat('[x](command:y) \x1b[2J', 100000); END IF;
        END $$;
        CREATE EVENT TRIGGER boom ON ddl_command_start EXECUTE FUNCTION boom();`,
    })
    folder = layOutHostileProject()
  })
  after(async () => {
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  afterEach(() => client.stop())

  async function start(url: string): Promise<string> {
    lines = []
    texts = []
    client = await startLspClient({
      folder,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    const { connection } = client
    connection.onRequest(StoredDatabaseUrlRequest, () => url)
    connection.onRequest(UnsavedDocumentsRequest, () => [])
    connection.onRequest(ConfirmRequest, ({ message, detail, choices }) => {
      lines.push(message, ...detail.split('\n'), ...choices.map(({ label }) => label))
      return choices[0]!.id
    })
    connection.onNotification(OutputNotification, ({ text }) => void texts.push(text))
    connection.onNotification(PreviewNotification, ({ text }) => void texts.push(text))
    connection.onProgress(CommandProgress, 'token', ({ message }) => void lines.push(message))
    const file = path.join(folder, 'prisma', 'schema', `${fileName('f')}.prisma`)
    client.open(file, fs.readFileSync(file, 'utf8'))
    return file
  }

  async function execute(command: ServerCommand): Promise<string> {
    const { status, message } = await client.connection.sendRequest(ExecuteRequest, {
      command,
      documentUri: null,
      progressToken: 'token',
    })
    lines.push(message)
    return status
  }

  /** Whatever the server offers for a document; each capability has its line here. */
  async function askForAll(uri: string, file: string): Promise<void> {
    const textDocument = { uri }
    const rows = fs.readFileSync(file, 'utf8').split('\n')
    const places = rows.flatMap((row, line) => [
      { line, character: /\w/.exec(row)?.index ?? 0 },
      { line, character: row.search(/(?<=model )\w/) },
    ])
    const range = { start: { line: 0, character: 0 }, end: { line: rows.length, character: 0 } }
    const asked: Readonly<Record<string, () => Promise<unknown>>> = {
      hoverProvider: () =>
        Promise.all(
          places
            .filter(({ character }) => character >= 0)
            .map((position) => client.connection.sendRequest('textDocument/hover', { textDocument, position })),
        ),
      codeLensProvider: async () => {
        const lenses: object[] = await client.connection.sendRequest('textDocument/codeLens', { textDocument })
        return await Promise.all(lenses.map((lens) => client.connection.sendRequest('codeLens/resolve', lens)))
      },
      inlayHintProvider: () => client.connection.sendRequest('textDocument/inlayHint', { textDocument, range }),
      completionProvider: () =>
        client.connection.sendRequest('textDocument/completion', { textDocument, position: places.at(-2) }),
    }
    // The test's own request, and commands, whose answers are below.
    const elsewhere = ['codeActionProvider', 'executeCommandProvider']
    const offered = Object.keys(client.capabilities).filter((name) => name.endsWith('Provider'))
    assert.deepEqual(
      offered.filter((name) => !elsewhere.includes(name) && asked[name] === undefined),
      [],
    )
    const answers = await Promise.all(offered.map(async (name) => [name, await asked[name]?.()] as const))
    const shown = Object.fromEntries(answers.map(([name, answer]) => [name, shownTexts(answer)]))
    for (const hover of shown.hoverProvider ?? []) {
      assertHarmless(hover)
      assert.doesNotMatch(hover.replace(/(`+).*?\1/g, ''), /(?<!\\)(?:\]\(|<b>)/)
      texts.push(hover)
    }
    assert.ok((shown.hoverProvider ?? []).join().includes('\\u{1b}'), 'hovers show the names')
    assert.ok((shown.codeLensProvider ?? []).length > 0, 'lenses')
    lines.push(...[...(shown.codeLensProvider ?? []), ...(shown.inlayHintProvider ?? [])])
  }

  function checkAll(): void {
    for (const line of lines) {
      assertHarmless(line)
      assert.doesNotMatch(line, /\n|\]\(|\$\(/)
      assert.ok(line.length < 2000, line)
    }
    for (const text of texts) assertHarmless(text)
  }

  it('in diagnostics, quick fixes, the status, questions, progress, the output and previews', async () => {
    const file = await start(database.url)
    const diagnostics = await client.diagnostics(file, (all) => all.some(({ code }) => code === 'check-unmapped'))
    // Plain text in an editor, where nothing is a link.
    lines.push(
      ...diagnostics.map(({ message }) => (typeof message === 'string' ? message : message.value).replaceAll('](', '')),
    )
    const uri = URI.file(file).toString()
    const range = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } }
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: diagnostics },
    })
    lines.push(...(actions as CodeAction[]).map(({ title }) => title))
    await askForAll(uri, file)
    assert.equal(await execute('check'), 'findings')
    assert.equal(await execute('preview'), 'done')
    assert.equal(await execute('migrate'), 'failed')
    assert.ok(texts.join('').includes('more characters'), 'what the server said is cut')
    assert.ok(lines.length > 20 && texts.length > 2)
    checkAll()
  })

  it('and what a hostile server says of a login, with the password in it', async () => {
    const password = 'p@ss.w+rd$(x)*"1'
    const server = await startHostileServer({ code: '28P01', message: `${password} ${HOSTILE.repeat(40_000)}` })
    try {
      const url = `postgresql://app:${encodeURIComponent(password)}@127.0.0.1:${String(server.port)}/sh$(zap)op`
      await start(url)
      const status = await client.status(({ connection }) => connection === 'refused')
      lines.push(...status.detail.split('\n'), status.databaseLabel)
      const answer = await client.connection.sendRequest(ConnectRequest, { documentUri: null, url })
      lines.push(...answer.message.split('\n'))
      assert.match(lines.join(), /\] \(command:y\)/)
      assert.doesNotMatch(lines.join(), /w\+rd/)
      checkAll()
    } finally {
      await server.stop()
    }
  })
})

/** What an editor shows of an answer: not its edits, commands' names and places. */
function shownTexts(answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap(shownTexts)
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string'
      ? ['title', 'value', 'label', 'detail', 'tooltip', 'documentation'].includes(key)
        ? [value]
        : []
      : ['data', 'arguments', 'textEdits', 'range'].includes(key)
        ? []
        : shownTexts(value),
  )
}
