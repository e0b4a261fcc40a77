import { fork, spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type ConfigurationParams,
  type Diagnostic,
  type FileSystemWatcher,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type RegistrationParams,
} from 'vscode-languageserver-protocol/node'
import { URI } from 'vscode-uri'
import { SERVER_ENVIRONMENT, SERVER_NODE_OPTIONS } from '../../client/src/server-process'
import { StatusNotification, type ProjectStatus } from '../../protocol/src/index'
import { FLAGS_OF_SHORT_PROCESSES } from './node-flags'

/** An editor for `dist/server.js`, as far as a test needs one. */
export interface LspClient {
  readonly connection: ProtocolConnection
  readonly capabilities: InitializeResult['capabilities']
  open(file: string, text: string): void
  /** Replaces the whole text of an open document. */
  change(file: string, text: string): void
  /** Of an open document; undefined for any other. */
  version(file: string): number | undefined
  /** The diagnostics of the file, as soon as they match; rejects with the last ones if they never do. */
  diagnostics(file: string, wanted: (diagnostics: Diagnostic[]) => boolean): Promise<Diagnostic[]>
  /** The diagnostics that the server sent last for the file; null if it has sent none. */
  published(file: string): Diagnostic[] | null
  status(wanted: (status: ProjectStatus) => boolean): Promise<ProjectStatus>
  stop(): Promise<void>
}

export interface LspClientOptions {
  readonly folder: string
  readonly initializationOptions?: object
  readonly environment?: Readonly<Record<string, string>>
  /** The editor's answer when it is asked for our section of its settings; if omitted, it cannot be asked. */
  readonly settings?: (scopeUri: string | undefined) => object
  /** The editor's capabilities, in addition to answering for its settings. */
  readonly capabilities?: InitializeParams['capabilities']
  /** Filled with the globs of the files that the server wants to be told about. */
  readonly watched?: string[]
  /** The language that the editor reports. */
  readonly locale?: string
  /** A link to the folder of the bundles, in a package with other translations. */
  readonly bundles?: string
  /** VS Code forks the server and talks over Node's IPC; other editors start it with `--stdio`. */
  readonly transport?: 'ipc' | 'stdio'
}

export async function startLspClient(options: LspClientOptions): Promise<LspClient> {
  const environment = { ...process.env, ...options.environment }
  const server = path.join(options.bundles ?? __BUNDLE_FOLDER__, 'server.js')
  // Otherwise Node follows the link, and the server looks for its translations there.
  if (options.bundles !== undefined)
    Object.assign(environment, { NODE_PRESERVE_SYMLINKS_MAIN: '1', NODE_PRESERVE_SYMLINKS: '1' })
  const { connection, exited } =
    options.transport === 'stdio' ? overStdio(server, environment) : overIpc(server, environment)
  const diagnostics = new Latest<Diagnostic[]>()
  const statuses = new Latest<ProjectStatus>()
  connection.onNotification(
    'textDocument/publishDiagnostics',
    (published: { uri: string; diagnostics: Diagnostic[] }) =>
      diagnostics.set(URI.parse(published.uri).fsPath, published.diagnostics),
  )
  connection.onNotification(StatusNotification, (status) => statuses.set('', status))
  connection.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
    const given = registrations.map(
      ({ registerOptions }) => registerOptions as { watchers?: FileSystemWatcher[] } | null,
    )
    const globs = given.flatMap((each) => each?.watchers ?? []).map(({ globPattern }) => globPattern)
    options.watched?.push(...globs.filter((glob) => typeof glob === 'string'))
    return null
  })
  connection.onRequest('workspace/configuration', ({ items }: ConfigurationParams) =>
    items.map(({ scopeUri }) => options.settings?.(scopeUri) ?? null),
  )
  connection.listen()

  const uri = URI.file(options.folder).toString()
  const parameters: Omit<InitializeParams, 'rootUri'> = {
    processId: process.pid,
    workspaceFolders: [{ uri, name: path.basename(options.folder) }],
    capabilities: {
      ...options.capabilities,
      ...(options.settings === undefined
        ? {}
        : { workspace: { ...options.capabilities?.workspace, configuration: true } }),
    },
    initializationOptions: options.initializationOptions ?? {},
    ...(options.locale === undefined ? {} : { locale: options.locale }),
  }
  const { capabilities } = await connection.sendRequest<InitializeResult>('initialize', parameters)
  await connection.sendNotification('initialized', {})

  let version = 1
  const versions = new Map<string, number>()
  return {
    connection,
    capabilities,
    open(file, text) {
      versions.set(file, version)
      const textDocument = { uri: URI.file(file).toString(), languageId: 'prisma', version, text }
      void connection.sendNotification('textDocument/didOpen', { textDocument })
    },
    change(file, text) {
      versions.set(file, ++version)
      const textDocument = { uri: URI.file(file).toString(), version }
      void connection.sendNotification('textDocument/didChange', { textDocument, contentChanges: [{ text }] })
    },
    version: (file) => versions.get(file),
    diagnostics: (file, wanted) => diagnostics.when(file, wanted),
    published: (file) => diagnostics.last(file),
    status: (wanted) => statuses.when('', wanted),
    async stop() {
      await connection.sendRequest('shutdown')
      await connection.sendNotification('exit')
      await exited
      connection.dispose()
    },
  }
}

interface Server {
  readonly connection: ProtocolConnection
  readonly exited: Promise<void>
}

function overIpc(server: string, environment: NodeJS.ProcessEnv): Server {
  const child = fork(server, ['--node-ipc', `--clientProcessId=${process.pid}`], {
    execArgv: [...SERVER_NODE_OPTIONS, ...FLAGS_OF_SHORT_PROCESSES],
    env: { ...SERVER_ENVIRONMENT, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child))
  return { connection, exited: exitOf(child) }
}

function overStdio(server: string, environment: NodeJS.ProcessEnv): Server {
  const child = spawn(process.execPath, [...FLAGS_OF_SHORT_PROCESSES, server, '--stdio'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [reader, writer] = [new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)]
  return { connection: createProtocolConnection(reader, writer), exited: exitOf(child) }
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** The latest value under a name, for tests that wait for a certain value. */
class Latest<Value> {
  private readonly values = new Map<string, Value>()
  private readonly listeners = new Set<() => void>()

  set(name: string, value: Value): void {
    this.values.set(name, value)
    for (const listener of [...this.listeners]) listener()
  }

  last(name: string): Value | null {
    return this.values.get(name) ?? null
  }

  when(name: string, wanted: (value: Value) => boolean): Promise<Value> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        const value = this.values.get(name)
        if (value === undefined || !wanted(value)) return
        this.listeners.delete(give)
        clearTimeout(limit)
        resolve(value)
      }
      const limit = setTimeout(() => {
        this.listeners.delete(give)
        reject(
          new Error(`It never came to what was wanted; the last was ${JSON.stringify(this.values.get(name), null, 2)}`),
        )
      }, PATIENCE)
      this.listeners.add(give)
      give()
    })
  }
}

/** Milliseconds after which a test that waits in vain fails. */
const PATIENCE = 300_000

/** As an editor that opens the schema, waits until it is compared with the database, and closes. */
export async function openSchemaOnce({
  folder,
  environment,
  schemaFile,
}: Required<Pick<LspClientOptions, 'folder' | 'environment'>> & { readonly schemaFile: string }): Promise<void> {
  const client = await startLspClient({ folder, environment })
  try {
    client.open(schemaFile, fs.readFileSync(schemaFile, 'utf8'))
    await client.diagnostics(schemaFile, (all) =>
      all.some(({ message }) => JSON.stringify(message).includes('database')),
    )
  } finally {
    await client.stop()
  }
}
