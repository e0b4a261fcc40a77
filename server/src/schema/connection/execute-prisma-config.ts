import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface ExecutedConfig {
  readonly url: string | null
  readonly directUrl: string | null
  /** Why there is no result, as one line; null where the file ran. */
  readonly failure: string | null
}

/**
 * Runs `prisma.config.*` in a process of its own and gives what it exports. Running it is running the workspace's code:
 * only for a trusted one. Never rejects, save with the signal's reason.
 */
export async function executePrismaConfig(
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal?: AbortSignal,
): Promise<ExecutedConfig> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(LONGEST_RUN)
  // The path goes by the environment, since the arguments of `-e` differ between Node and VS Code's Electron.
  const child = spawn(process.execPath, ['-e', RUNNER], {
    cwd: path.dirname(file),
    env: { ...environment, ELECTRON_RUN_AS_NODE: '1', PRISMA_AUDIT_CONFIG_FILE: file },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  })
  const answers: ExecutedConfig[] = []
  let complaint = ''
  child.on('message', (message: ExecutedConfig) => answers.push(message))
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  child.on('error', (error) => (complaint ||= error.message))
  await once(child, 'close').catch(() => undefined)
  signal?.throwIfAborted()
  if (timeout.aborted) return failed(`it did not end within ${String(LONGEST_RUN / 1000)} seconds`)
  return answers[0] ?? failed(complaint.trim().split('\n').at(-1) ?? '')
}

/** Milliseconds. */
const LONGEST_RUN = 20_000

function failed(failure: string): ExecutedConfig {
  return { url: null, directUrl: null, failure: failure === '' ? 'the process ended without an answer' : failure }
}

/**
 * Runs in the child: Prisma's own loader where the workspace has it, else whatever the workspace has that understands
 * the file, else Node itself. Plain JavaScript, since it is handed to Node as text.
 */
const RUNNER = `
const file = process.env.PRISMA_AUDIT_CONFIG_FILE
const path = require('node:path')
const { createRequire } = require('node:module')
const { pathToFileURL } = require('node:url')
delete process.env.PRISMA_AUDIT_CONFIG_FILE
const resolveFrom = (start, ...names) => {
  let require = createRequire(start)
  for (const [index, name] of names.entries()) {
    const found = require.resolve(index < names.length - 1 ? name + '/package.json' : name)
    if (index === names.length - 1) return found
    require = createRequire(found)
  }
}
const attempts = [
  async () => {
    let loader
    try { loader = resolveFrom(file, '@prisma/config') } catch { loader = resolveFrom(file, 'prisma', '@prisma/config') }
    const { loadConfigFromFile } = require(loader)
    const loaded = await loadConfigFromFile({ configFile: file, configRoot: path.dirname(file) })
    if (loaded.error) throw loaded.error.error ?? new Error(loaded.error._tag)
    return loaded.config
  },
  async () => require(resolveFrom(file, 'jiti')).createJiti(file).import(file, { default: true }),
  async () => {
    const { register } = require(resolveFrom(file, 'tsx/cjs/api'))
    register()
    const loaded = require(file)
    return loaded.default ?? loaded
  },
  async () => {
    const loaded = await import(pathToFileURL(file).href)
    return loaded.default?.default ?? loaded.default
  },
]
const oneLine = (error) => String(error?.message ?? error).trim().split('\\n')[0]
const isMissing = (error) => error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
;(async () => {
  let failure = null
  for (const attempt of attempts) {
    try {
      let config = await attempt()
      if (typeof config === 'function') config = await config()
      const datasource = config?.datasource ?? {}
      const text = (value) => (typeof value === 'string' && value !== '' ? value : null)
      process.send({ url: text(datasource.url), directUrl: text(datasource.directUrl), failure: null }, () => process.exit(0))
      return
    } catch (error) {
      // The first failure that is not merely a tool that is not installed says most.
      if (failure === null || isMissing(failure)) failure = error
    }
  }
  process.send({ url: null, directUrl: null, failure: oneLine(failure) }, () => process.exit(0))
})()
`
