import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import {
  CodeActionRequest,
  CodeLensRequest,
  HoverRequest,
  type CodeAction,
  type MarkupContent,
} from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  AGENT_TOOL_NAMES,
  BackupsRequest,
  ChecklistNotification,
  CommandProgress,
  ConnectRequest,
  CoverageRequest,
  PrepareAgentToolRequest,
  PreviewNotification,
  ReviewRequest,
  type PreviewParameters,
  type ServerCommand,
} from '../../protocol/src/index'
import { usePostgres } from '../support/postgres'
import { useSampleInEditor } from './support/command-editor'

describe('the language server in a language without words', () => {
  const postgres = usePostgres()
  const sample = useSampleInEditor(postgres)

  it('shows names, types and SQL, and nothing in English', async () => {
    const bundles = packageIn(path.dirname(sample.workspace.folder))
    const editor = await sample.open({ locale: WORDLESS, bundles })
    const { client, workspace } = editor
    const { connection } = client
    const said: { readonly where: string; readonly text: string }[] = []
    const say = (where: string, ...texts: readonly string[]) =>
      void said.push(...texts.map((text) => ({ where, text })))
    const sayDocument = ({ title, text }: PreviewParameters) => say(`document ${title}`, title, text)
    connection.onNotification(PreviewNotification, sayDocument)
    connection.onRequest(ReviewRequest, () => true)
    connection.onNotification(ChecklistNotification, ({ stages, steps, end }) => {
      say('checklist', ...stages.map(({ detail }) => detail), ...steps.map(({ title }) => title), end?.message ?? '')
      say('checklist', ...(end?.next ?? []).map(({ label }) => label))
    })

    await client.status(({ catalogReadAt }) => catalogReadAt !== null)
    const diagnostics = await client.diagnostics(workspace.schemaFile, (all) => all.length === 3)
    say('finding', ...diagnostics.map(({ message }) => message as string))
    const textDocument = { uri: URI.file(workspace.schemaFile).toString() }
    const lenses = await connection.sendRequest(CodeLensRequest.type, { textDocument })
    say('lens', ...lenses!.map(({ command }) => command!.title))
    for (const { range } of diagnostics) {
      const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: range.start })
      say('hover', (hover!.contents as MarkupContent).value)
      const context = { diagnostics }
      const actions = await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context })
      say('action', ...(actions as CodeAction[]).map(({ title }) => title))
    }
    const coverage = await connection.sendRequest(CoverageRequest, { documentUri: null })
    say('coverage', coverage.title, coverage.summary, coverage.markdown)
    const run = async (command: ServerCommand) => {
      const told = connection.onProgress(CommandProgress, command, ({ message: words }) => say('progress', words))
      const { message, next = [], report } = await editor.execute(command).finally(() => told.dispose())
      say(command, message, ...next.map(({ label }) => label))
      if (report !== undefined) sayDocument(report)
    }
    await run('check')
    await run('guided')
    const { backups } = await connection.sendRequest(BackupsRequest, { documentUri: textDocument.uri })
    for (const { brief, state, details } of backups) say('backup', brief, state, ...details)
    for (const tool of AGENT_TOOL_NAMES) {
      const call = { tool, input: {}, documentUri: null }
      const { progress, confirmation } = await connection.sendRequest(PrepareAgentToolRequest, call)
      say('agent', progress, confirmation?.title ?? '')
    }
    await run('rollback')
    await workspace.database.query(TROUBLE)
    await run('preview')
    await run('migrate')
    const url = 'postgresql://127.0.0.1:1/sample'
    say('connect', (await connection.sendRequest(ConnectRequest, { documentUri: null, url })).message)
    for (const { message, detail, choices } of editor.questions)
      say('question', message, detail, ...choices.map(({ label }) => label))

    const { name } = workspace.database
    for (const { where, text } of said) assert.deepEqual(wordsOf(text.replaceAll(name, '')), [], `${where}: ${text}`)
    const expected = [
      ...[`document ⟦${name}⟧`, 'question', 'hover', 'lens', 'action', 'coverage', 'finding', 'rollback'],
      ...['progress', 'checklist', 'backup', 'agent', 'connect'],
    ]
    const places = new Set(said.map(({ where }) => where))
    assert.deepEqual(
      expected.filter((place) => !places.has(place)),
      [],
    )
    assert.ok(said.some(({ text }) => text.includes('| PASS | 1 |')))
  })
})

/** What a plan warns of or refuses. */
const TROUBLE = `
  ALTER TABLE "Lead" RENAME TO "Leads";
  CREATE VIEW "Lead" AS SELECT * FROM "Leads";
  CREATE VIEW users AS SELECT * FROM "User";
  ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
  CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER log BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION log();
`

/** As an editor reports "no linguistic content". */
const WORDLESS = 'zxx'

/** The package with its bundles, and with each of our texts translated into its values alone. */
function packageIn(folder: string): string {
  const german = fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')
  const texts = Object.keys(JSON.parse(german) as object)
  const wordless = texts.map((text) => [text, `⟦${(text.match(/\{\d+\}/g) ?? []).join(' ')}⟧`])
  fs.mkdirSync(path.join(folder, 'l10n'))
  const file = path.join(folder, 'l10n', `bundle.l10n.${WORDLESS}.json`)
  fs.writeFileSync(file, JSON.stringify(Object.fromEntries(wordless)))
  const bundles = path.join(folder, 'dist')
  fs.symlinkSync(__BUNDLE_FOLDER__, bundles)
  return bundles
}

/** Outside of code, types and paths, without names. */
function wordsOf(text: string): readonly string[] {
  const prose = text.replace(/```[^]*?```|`[^`]*`|<\/?\w+>|(?:\/[\w.-]+)+/g, '').replace(TYPES, '')
  return [...prose.matchAll(/[\p{L}_]{2,}/gu)].map(([word]) => word).filter((word) => !NAMES.test(word))
}

const TYPES = /timestamp(?:\(3\))? without time zone|integer|(?:not )?null/g

const NAMES =
  /^(?:\w*(?:User|Lead|updatedAt|updatedBy|ownerId|createdAt|updated_at)\w*|[Aa]da|Reyes|example|com|public|sample|backups|backend|migrations|pg_dump|pg_restore|dump|PostgreSQL|[kMG]B|PASS|[A-Z]{3,})$/
