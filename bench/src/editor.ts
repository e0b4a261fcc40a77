import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import type { Duplex } from 'node:stream'
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type Diagnostic,
  type InitializeParams,
  type PublishDiagnosticsParams,
  type Range,
} from 'vscode-languageserver-protocol/node'
import { URI } from 'vscode-uri'

export interface EditorOptions {
  /** The script of the language server; it is forked, as VS Code does it. */
  readonly server: string
  /** Node's own options, as the server's own client gives them. */
  readonly nodeOptions: readonly string[]
  /** Beside the bench's own. */
  readonly environment?: Readonly<Record<string, string>>
  readonly folder: string
  readonly initializationOptions?: object
  /** Loads bench/probe.cjs into the server, for `usage`. */
  readonly isProbed?: boolean
}

/** What a message of the editor's caused. */
export interface Reaction {
  /** Milliseconds from the moment before it was sent until the editor has the diagnostics in its hands. */
  readonly milliseconds: number
  /** Of all diagnostics that the server published meanwhile, as JSON. */
  readonly bytes: number
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

/** An editor in front of a language server, over Node's IPC, as VS Code talks to one. */
export class Editor {
  private readonly connection
  private readonly answers: Interface
  private version = 1
  private waiting: ((published: PublishDiagnosticsParams) => void) | null = null

  private constructor(
    private readonly child: ChildProcess,
    private readonly probe: Duplex,
    private readonly startedAt: number,
    private readonly name: string,
  ) {
    this.answers = createInterface(probe)
    this.connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
    this.connection.onNotification('textDocument/publishDiagnostics', (published: PublishDiagnosticsParams) =>
      this.waiting?.(published),
    )
    this.connection.onRequest('client/registerCapability', () => null)
    this.connection.listen()
  }

  static async start(options: EditorOptions): Promise<Editor> {
    const startedAt = performance.now()
    const probe = options.isProbed === true ? ['--require', path.join(__REPOSITORY__, 'bench', 'probe.cjs')] : []
    const child = fork(options.server, ['--node-ipc', `--clientProcessId=${process.pid}`], {
      cwd: options.folder,
      execArgv: [...options.nodeOptions, ...probe],
      env: { ...options.environment, ...process.env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
    })
    const editor = new Editor(child, child.stdio[PROBE_PIPE] as Duplex, startedAt, options.server)
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
    const answer = once(this.answers, 'line')
    this.probe.write(`${request}\n`)
    return JSON.parse(String((await answer)[0])) as Usage
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit')
    await this.connection.sendRequest('shutdown')
    await this.connection.sendNotification('exit')
    await exited
    this.connection.dispose()
  }

  private reaction(uri: string, since: number, isWanted: (diagnostics: Diagnostic[]) => boolean): Promise<Reaction> {
    const published: PublishDiagnosticsParams[] = []
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.waiting = null
        const counts = published.map(({ diagnostics }) => diagnostics.length)
        reject(new Error(`${this.name} never published what was waited for, but ${JSON.stringify(counts)}`))
      }, PATIENCE)
      this.waiting = (answer) => {
        const milliseconds = performance.now() - since
        published.push(answer)
        if (answer.uri !== uri || !isWanted(answer.diagnostics)) return
        this.waiting = null
        clearTimeout(limit)
        const bytes = published.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0)
        resolve({ milliseconds, bytes })
      }
    })
  }
}

/** The child's file descriptor that bench/probe.cjs answers on, since IPC is the protocol's. */
const PROBE_PIPE = 4

const PATIENCE = 120_000
