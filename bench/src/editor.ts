import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
  type InitializeParams,
  type Range,
} from 'vscode-languageserver-protocol/node'
import { URI } from 'vscode-uri'

export interface EditorOptions {
  /** The script of the language server; it is started with `--stdio`. */
  readonly server: string
  readonly folder: string
  readonly initializationOptions?: object
  /** Loads bench/probe.cjs into the server, for `usage`. */
  readonly isProbed?: boolean
}

/** When diagnostics came, counted from the moment before what caused them was sent. Milliseconds. */
export interface Reaction {
  /** Until the editor has them in its hands, parsed. */
  readonly total: number
  /** Until the last of their bytes had arrived: the server's time, and the pipe's. */
  readonly arrived: number
}

export interface Usage {
  /** Bytes. */
  readonly rss: number
  readonly heapUsed: number
  /** Of the whole process, all its threads, since its start. */
  readonly cpuMilliseconds: number
  /** From having a message to having given the answer away, one by one, since the last time that this was asked. */
  readonly serverTimes: readonly number[]
}

/** An editor in front of a language server, over stdio, as VS Code talks to one. */
export class Editor {
  private readonly connection
  private version = 1
  private lastArrival = 0
  private waiting: ((uri: string, diagnostics: Diagnostic[]) => void) | null = null

  private constructor(
    private readonly child: ChildProcess,
    output: NodeJS.ReadableStream,
    input: NodeJS.WritableStream,
    private readonly startedAt: number,
    private readonly name: string,
  ) {
    output.on('data', () => (this.lastArrival = performance.now()))
    this.connection = createProtocolConnection(new StreamMessageReader(output), new StreamMessageWriter(input))
    this.connection.onNotification(
      'textDocument/publishDiagnostics',
      ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => this.waiting?.(uri, diagnostics),
    )
    this.connection.onRequest('client/registerCapability', () => null)
    this.connection.listen()
  }

  static async start(options: EditorOptions): Promise<Editor> {
    const startedAt = performance.now()
    const probe = options.isProbed === true ? ['--require', path.join(__REPOSITORY__, 'bench', 'probe.cjs')] : []
    const child = spawn(process.execPath, [...probe, options.server, '--stdio'], {
      cwd: options.folder,
      stdio: ['pipe', 'pipe', 'inherit', ...(options.isProbed === true ? (['ipc'] as const) : [])],
    })
    if (child.stdout === null || child.stdin === null) throw new Error('The language server has no pipes.')
    const editor = new Editor(child, child.stdout, child.stdin, startedAt, options.server)
    const parameters: Omit<InitializeParams, 'rootUri'> = {
      processId: process.pid,
      workspaceFolders: [{ uri: URI.file(options.folder).toString(), name: path.basename(options.folder) }],
      capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true } } },
      initializationOptions: options.initializationOptions ?? {},
    }
    await editor.connection.sendRequest('initialize', parameters)
    await editor.connection.sendNotification('initialized', {})
    return editor
  }

  /** Opens a document and waits for the diagnostics that are wanted. The reaction counts from the server's start. */
  async open(file: string, text: string, isWanted: (diagnostics: Diagnostic[]) => boolean): Promise<Reaction> {
    const uri = URI.file(file).toString()
    const reaction = this.reaction(uri, this.startedAt, isWanted)
    const textDocument = { uri, languageId: 'prisma', version: this.version, text }
    await this.connection.sendNotification('textDocument/didOpen', { textDocument })
    return await reaction
  }

  /** Changes a range of an open document, as typing does, and waits for the diagnostics that are wanted. */
  async edit(
    file: string,
    change: { readonly range: Range; readonly text: string },
    isWanted: (diagnostics: Diagnostic[]) => boolean,
  ): Promise<Reaction> {
    const uri = URI.file(file).toString()
    const textDocument = { uri, version: ++this.version }
    const reaction = this.reaction(uri, performance.now(), isWanted)
    await this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [change] })
    return await reaction
  }

  /** What the probed server has used so far. */
  async usage(request: 'now' | 'collect' = 'now'): Promise<Usage> {
    const answer = once(this.child, 'message')
    this.child.send(request)
    return (await answer)[0] as Usage
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit')
    await this.connection.sendRequest('shutdown')
    await this.connection.sendNotification('exit')
    await exited
    this.connection.dispose()
  }

  private reaction(uri: string, since: number, isWanted: (diagnostics: Diagnostic[]) => boolean): Promise<Reaction> {
    /** How many diagnostics came each time; for the error. */
    const published: number[] = []
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.waiting = null
        reject(new Error(`${this.name} never published what was waited for, but ${JSON.stringify(published)}`))
      }, PATIENCE)
      this.waiting = (from, diagnostics) => {
        if (from !== uri) return
        published.push(diagnostics.length)
        if (!isWanted(diagnostics)) return
        this.waiting = null
        clearTimeout(limit)
        resolve({ total: performance.now() - since, arrived: this.lastArrival - since })
      }
    })
  }
}

const PATIENCE = 60_000
