import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import fc from 'fast-check'
import { StreamMessageReader, type Diagnostic, type Message } from 'vscode-languageserver/node'
import { PiecewiseWriter } from '../../../server/src/lsp/piecewise-writer'

describe('Writing messages in pieces', () => {
  let stream: PassThrough
  let writer: PiecewiseWriter

  beforeEach(() => {
    stream = new PassThrough()
    writer = new PiecewiseWriter(stream)
  })

  const check = async (messages: readonly Message[]): Promise<void> => {
    const received: Message[] = []
    const all = new Promise<void>((resolve) => {
      new StreamMessageReader(stream).listen((message) => {
        if (received.push(message) === messages.length) resolve()
      })
    })
    for (const message of messages) await writer.write(message)
    await all
    assert.deepEqual(received, messages)
  }

  const published = (uri: string, diagnostics: readonly Diagnostic[]) => ({
    jsonrpc: '2.0',
    method: 'textDocument/publishDiagnostics',
    params: { uri, diagnostics },
  })

  const diagnostic = (line: number): Diagnostic => ({
    range: { start: { line, character: 0 }, end: { line, character: 5 } },
    message: `Line ${line} says "ä 😀".`,
  })

  it('says what was meant, whatever came, went and stayed since the last time', async () => {
    const all = Array.from({ length: 400 }, (_, line) => diagnostic(line))
    const lists = fc.array(fc.array(fc.tuple(fc.nat(400), fc.nat(120)), { maxLength: 6 }), { maxLength: 12 })
    const samples = fc.sample(lists, { numRuns: 30, seed: 20261122 })
    const messages = samples.flat().map((runs, index) =>
      published(
        index % 3 === 0 ? 'file:///a' : 'file:///b',
        runs.flatMap(([start, count]) => all.slice(start, start + count)),
      ),
    )
    await check(messages)
  })

  it('keeps the order of messages of all kinds', async () => {
    await check([
      { jsonrpc: '2.0', id: 1, result: null } as Message,
      published('file:///a', [diagnostic(1)]),
      { jsonrpc: '2.0', method: 'window/logMessage', params: { message: 'é' } } as Message,
      published('file:///a', []),
      published('file:///a', [diagnostic(1), diagnostic(2)]),
    ])
  })

  it('writes from the very same bytes what did not change', async () => {
    const all = Array.from({ length: 300 }, (_, line) => diagnostic(line))
    const chunks: unknown[] = []
    const recorder = new Writable({
      writev: (parts, done) => {
        chunks.push(...parts.map(({ chunk }) => chunk as unknown))
        done()
      },
    })
    const recorded = new PiecewiseWriter(recorder)
    await recorded.write(published('file:///a', all))
    const before = new Set(chunks.splice(0))
    await recorded.write(published('file:///a', [...all.slice(0, 170), diagnostic(1000), ...all.slice(170)]))
    const large = chunks.filter((chunk) => chunk instanceof Buffer && chunk.length > 1000)
    assert.ok(large.length > 3)
    assert.equal(large.filter((chunk) => !before.has(chunk)).length, 1)
  })

  it('rejects when the stream broke', async () => {
    const failed = once(stream, 'close')
    stream.destroy()
    await failed
    writer.onError(() => undefined)
    await assert.rejects(writer.write(published('file:///a', [])))
  })
})
