import type { Writable } from 'node:stream'
import {
  AbstractMessageWriter,
  Message,
  PublishDiagnosticsNotification,
  type Diagnostic,
  type MessageWriter,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node'
import { WrittenDiagnostic } from './diagnostics'

/**
 * Writes messages to a stream as the protocol wants them. Diagnostics go out in pieces, and a piece in which nothing
 * changed since they were last published is not written out anew: of a thousand in a large schema a keystroke changes one,
 * and a third of a megabyte of text for each would keep the collector busy.
 */
export class PiecewiseWriter extends AbstractMessageWriter implements MessageWriter {
  /** By document: the pieces that were sent last. */
  private readonly sent = new Map<string, readonly Piece[]>()
  private errors = 0

  constructor(private readonly stream: Writable) {
    super()
    stream.on('error', (error) => {
      this.fireError(error)
    })
    stream.on('close', () => {
      this.fireClose()
    })
  }

  write(message: Message): Promise<void> {
    const body = this.encode(message)
    const length = body.reduce((sum, { byteLength }) => sum + byteLength, 0)
    return new Promise((resolve, reject) => {
      this.stream.cork()
      this.stream.write(`Content-Length: ${length}\r\n\r\n`, 'ascii')
      for (const part of body.slice(0, -1)) this.stream.write(part)
      this.stream.write(body.at(-1), (error) => {
        if (error === null || error === undefined) resolve()
        else {
          this.fireError(error, message, ++this.errors)
          reject(error)
        }
      })
      this.stream.uncork()
    })
  }

  end(): void {
    this.stream.end()
  }

  private encode(message: Message): Buffer[] {
    if (!Message.isNotification(message) || message.method !== PublishDiagnosticsNotification.method) {
      return [Buffer.from(JSON.stringify(message))]
    }
    const { diagnostics, ...rest } = message.params as PublishDiagnosticsParams
    const pieces = piecesOf(diagnostics, this.sent.get(rest.uri) ?? [])
    if (pieces.length === 0) this.sent.delete(rest.uri)
    else this.sent.set(rest.uri, pieces)
    const { jsonrpc, method } = message
    // Behind the last of the other parameters, before the braces that close them and the message.
    const head = JSON.stringify({ jsonrpc, method, params: rest }).slice(0, -2)
    const list = pieces.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [COMMA, bytes]))
    return [Buffer.from(`${head},"diagnostics":[`), ...list, END]
  }
}

/** Some of the diagnostics, and how they are written. */
interface Piece {
  readonly diagnostics: readonly Diagnostic[]
  readonly bytes: Buffer
}

/** Small enough to be made and thrown away at no cost, large enough that there are few. */
const DIAGNOSTICS_IN_A_PIECE = 50

const COMMA = Buffer.from(',')
const END = Buffer.from(']}}')

/** The pieces that still begin the list, and those that still end it, are kept; what is between is written anew. */
function piecesOf(diagnostics: readonly Diagnostic[], before: readonly Piece[]): Piece[] {
  let first = 0
  let start = 0
  for (let piece = before[first]; piece !== undefined && stands(piece, diagnostics, start); piece = before[first]) {
    start += piece.diagnostics.length
    first++
  }
  let last = before.length
  let end = diagnostics.length
  for (let piece = before[last - 1]; piece !== undefined && last > first; piece = before[last - 1]) {
    if (end - piece.diagnostics.length < start || !stands(piece, diagnostics, end - piece.diagnostics.length)) break
    end -= piece.diagnostics.length
    last--
  }
  return [...before.slice(0, first), ...writePieces(diagnostics.slice(start, end)), ...before.slice(last)]
}

function stands({ diagnostics: own }: Piece, all: readonly Diagnostic[], start: number): boolean {
  return own.every((diagnostic, index) => diagnostic === all[start + index])
}

/** Of about the same size; a few more than a piece is made for stay in one, so that no sliver is left. */
function writePieces(diagnostics: readonly Diagnostic[]): Piece[] {
  const isAboutOne = diagnostics.length > 0 && diagnostics.length < 1.5 * DIAGNOSTICS_IN_A_PIECE
  const count = isAboutOne ? 1 : Math.ceil(diagnostics.length / DIAGNOSTICS_IN_A_PIECE)
  return Array.from({ length: count }, (_, index) => {
    const part = diagnostics.slice(
      Math.round((index * diagnostics.length) / count),
      Math.round(((index + 1) * diagnostics.length) / count),
    )
    return { diagnostics: part, bytes: Buffer.from(part.map(write).join(',')) }
  })
}

function write(diagnostic: Diagnostic): string {
  return diagnostic instanceof WrittenDiagnostic ? diagnostic.write() : JSON.stringify(diagnostic)
}
