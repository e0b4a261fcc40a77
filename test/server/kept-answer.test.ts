import assert from 'node:assert/strict'
import fs from 'node:fs'
import type { Diagnostic } from 'vscode-languageserver-protocol'
import { KeptAnswerFolder } from '../support/kept-answer'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

const WRONG = 'Nobody found this.'

describe('the language server begins with what it found the last time', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let kept: KeptAnswerFolder
  let text: string

  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip()
    workspace = await createSampleWorkspace(postgres)
    kept = new KeptAnswerFolder()
    text = fs.readFileSync(workspace.schemaFile, 'utf8')
  })
  afterEach(async () => {
    kept.remove()
    await workspace.remove()
  })

  const isInDatabaseToo = (diagnostics: readonly Diagnostic[]): boolean =>
    diagnostics.some(({ data }) => (data as { missingIn?: string } | undefined)?.missingIn === 'both')
  const isWrong = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(({ message }) => message === WRONG)
  const isRight = (diagnostics: readonly Diagnostic[]): boolean => isInDatabaseToo(diagnostics) && !isWrong(diagnostics)

  /** All that is published from opening the file until it is as wanted. */
  async function openUntil(client: LspClient, wanted: (diagnostics: readonly Diagnostic[]) => boolean) {
    const all: Diagnostic[][] = []
    client.open(workspace.schemaFile, text)
    await client.diagnostics(workspace.schemaFile, (diagnostics) => {
      all.push(diagnostics)
      return wanted(diagnostics)
    })
    return all
  }

  async function session<Result>(work: (client: LspClient) => Promise<Result>): Promise<Result> {
    const client = await startLspClient({ folder: workspace.folder, environment: kept.environment })
    try {
      return await work(client)
    } finally {
      await client.stop()
    }
  }

  async function foundBefore(): Promise<void> {
    await session((client) => openUntil(client, isRight))
    assert.equal(kept.files().length, 1)
    kept.rewrite((content) => content.replace(/"message":"[^"]*"/, `"message":"${WRONG}"`))
  }

  it('at once and whole, and then looks for itself', async () => {
    await foundBefore()
    const published = await session((client) => openUntil(client, isRight))
    assert.ok(isWrong(published[0]!), 'what was kept comes first, with no half of it before')
    assert.ok(isInDatabaseToo(published[0]!))
  })

  it('but not where the database has changed since', async () => {
    await foundBefore()
    await workspace.database.query('ALTER TABLE "Lead" ADD COLUMN "extra" int')
    const published = await session((client) =>
      openUntil(client, (diagnostics) => diagnostics.some(({ code }) => code === 'column-unmapped')),
    )
    assert.ok(!published.some(isWrong))
  })

  it('but not where the file has changed since', async () => {
    await foundBefore()
    text = text.replace('  email ', '  unknown String?\n  email ')
    const published = await session((client) =>
      openUntil(client, (diagnostics) => diagnostics.some(({ code }) => code === 'column-missing')),
    )
    assert.ok(!published.some(isWrong))
  })

  it('nor for longer than until the next keystroke', async () => {
    await foundBefore()
    await session(async (client) => {
      client.open(workspace.schemaFile, text)
      client.change(workspace.schemaFile, text.replace('  email ', '  unknown String?\n  email '))
      const diagnostics = await client.diagnostics(workspace.schemaFile, (all) =>
        all.some(({ code }) => code === 'column-missing'),
      )
      assert.ok(!isWrong(diagnostics))
    })
  })

  it('without waiting for a database that does not answer', async () => {
    await foundBefore()
    const nowhere = workspace.database.url.replace(/:\d+\//, ':1/')
    const client = await startLspClient({
      folder: workspace.folder,
      environment: kept.environment,
      initializationOptions: { databaseUrl: nowhere },
    })
    const published = await openUntil(client, (diagnostics) => diagnostics.length > 0)
    assert.ok(!published.some(isWrong))
    await client.stop()
  })
})
