import { spawn, type ChildProcess } from 'node:child_process'
import type { ConfigFile } from './prisma-config'
import { endTree, treeOptions } from '../../platform/process-trees'
import type { EnvironmentVariables } from '../../platform/environment-variables'
import { phrase, type Phrase } from '../../text/phrase'

export interface ExecutedConfig {
  readonly url: string | null
  readonly directUrl: string | null
  /** `engine` and the presence of an `adapter`, as in `PrismaConfig`. */
  readonly engine: string | null
  readonly hasAdapter: boolean
  /** The values of the requested variables after the file has run. */
  readonly variables: Readonly<Record<string, string>>
  /** Environment variables whose value is the URL. */
  readonly urlVariables: readonly string[]
  /** Files named `.env` or similar that were read, absolute. */
  readonly environmentFiles: readonly string[]
  /** Why there is no result: the words of the project's code, as one line, or ours; null if the file ran. */
  readonly failure: string | Phrase | null
}

/**
 * Runs `prisma.config.*` in a separate process and returns its export and the `wanted` environment variables. This runs
 * code of the workspace, so it must be trusted. Time and output are limited, and the process is killed with all its
 * children. Rejects only with the signal's reason.
 */
export async function executePrismaConfig(
  { path: file, workingFolder }: Pick<ConfigFile, 'path' | 'workingFolder'>,
  environment: EnvironmentVariables,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<ExecutedConfig> {
  signal?.throwIfAborted()
  // The path is passed in the environment, because Node and VS Code's Electron treat arguments of `-e` differently.
  const child = spawn(process.execPath, ['-e', RUNNER], {
    cwd: workingFolder,
    env: {
      ...environment,
      ELECTRON_RUN_AS_NODE: '1',
      PRISMA_AUDIT_CONFIG_FILE: file,
      PRISMA_AUDIT_CONFIG_VARIABLES: JSON.stringify(wanted),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...treeOptions(),
  })
  try {
    return await answerOf(child, signal)
  } finally {
    endGroup(child)
  }
}

/** Milliseconds. */
const LONGEST_RUN = 20_000

/** Characters of its error output, and of each value that it returns. */
const LONGEST_TEXT = 16_384

/** Resolves with the first of: a message, the end of the process, the timeout. */
function answerOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<ExecutedConfig> {
  return new Promise((resolve, reject) => {
    let complaint = ''
    const timer = setTimeout(() => {
      settle(failed(phrase`it did not end within ${LONGEST_RUN / 1000} seconds`))
    }, LONGEST_RUN)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const settle = (answer: ExecutedConfig) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve(answer)
    }
    signal?.addEventListener('abort', abort, { once: true })
    child.once('message', (message) => {
      settle(trustedAnswer(message))
    })
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(-LONGEST_TEXT)
    })
    child.once('error', (error) => {
      settle(failedWith(error.message))
    })
    // Not `close`: a child process may keep its stderr open. Its last output may still arrive.
    child.once('exit', () =>
      setImmediate(() =>
        setImmediate(() => {
          settle(failedWith(complaint.trim().split('\n').at(-1) ?? ''))
        }),
      ),
    )
  })
}

function failed(failure: string | Phrase): ExecutedConfig {
  const nothing = { url: null, directUrl: null, engine: null, hasAdapter: false }
  const noEnvironment = { variables: {}, urlVariables: [], environmentFiles: [] }
  return { ...nothing, ...noEnvironment, failure }
}

function failedWith(said: string): ExecutedConfig {
  return failed(said === '' ? phrase`the process ended without an answer` : oneLine(said))
}

/** Validates what the project's code sent. */
function trustedAnswer(message: unknown): ExecutedConfig {
  const given = (typeof message === 'object' && message !== null ? message : {}) as Record<string, unknown>
  const text = (value: unknown) =>
    typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : null
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.slice(0, 100).flatMap((entry: unknown) => text(entry) ?? []) : []
  // No package that loads TypeScript is installed. Node's own message would blame the file.
  if (given.code === 'ERR_UNKNOWN_FILE_EXTENSION')
    return failed(phrase`the project's packages, which load it, are not installed (npm install)`)
  if (typeof given.failure === 'string') return failedWith(given.failure)
  const variables = typeof given.variables === 'object' && given.variables !== null ? given.variables : {}
  return {
    url: text(given.url),
    directUrl: text(given.directUrl),
    engine: text(given.engine),
    hasAdapter: given.hasAdapter === true,
    variables: Object.fromEntries(
      Object.entries(variables).flatMap(([name, value]) => {
        const known = text(value)
        return known === null ? [] : [[name, known]]
      }),
    ),
    urlVariables: texts(given.urlVariables),
    environmentFiles: texts(given.environmentFiles),
    failure: null,
  }
}

function oneLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 500)
}

function endGroup(child: ChildProcess): void {
  child.stderr?.destroy()
  if (child.connected) child.disconnect()
  void endTree(child.pid, 'SIGKILL')
  child.unref()
}

/**
 * Runs in the child: with Prisma's own loader if the workspace has it, otherwise with any other loader of the workspace
 * that understands the file, otherwise with Node. Plain JavaScript, because Node receives it as text.
 */
const RUNNER = `
const file = process.env.PRISMA_AUDIT_CONFIG_FILE
const wanted = JSON.parse(process.env.PRISMA_AUDIT_CONFIG_VARIABLES)
const fs = require('node:fs')
const path = require('node:path')
const { createRequire, syncBuiltinESMExports } = require('node:module')
const { pathToFileURL, fileURLToPath } = require('node:url')
delete process.env.PRISMA_AUDIT_CONFIG_FILE
delete process.env.PRISMA_AUDIT_CONFIG_VARIABLES
delete process.env.ELECTRON_RUN_AS_NODE
const workingFolder = process.cwd()
const environmentFiles = new Set()
const note = (place) => {
  try {
    const name = place instanceof URL ? fileURLToPath(place) : String(place)
    if (/(^|[.])env([.]|$)/i.test(path.basename(name))) environmentFiles.add(path.resolve(workingFolder, name))
  } catch {}
}
const watch = (owner, name) => {
  const original = owner[name]
  if (typeof original !== 'function') return
  owner[name] = function (place, ...others) {
    note(place)
    return Reflect.apply(original, this, [place, ...others])
  }
}
for (const name of ['readFileSync', 'openSync', 'readFile', 'open', 'createReadStream']) watch(fs, name)
for (const name of ['readFile', 'open']) watch(fs.promises, name)
const loadEnvFile = process.loadEnvFile
if (loadEnvFile) process.loadEnvFile = (place = '.env') => (note(place), loadEnvFile.call(process, place))
syncBuiltinESMExports()
class ToolMissing extends Error {}
const resolveFrom = (start, ...names) => {
  try { return resolveThrough(start, names) } catch (error) { throw new ToolMissing(error?.message) }
}
const resolveThrough = (start, names) => {
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
    const loaded = await loadConfigFromFile({ configFile: file, configRoot: workingFolder })
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
const before = { ...process.env }
;(async () => {
  let failure = null
  for (const attempt of attempts) {
    // Each attempt starts with the original environment, whatever the previous one changed.
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
    environmentFiles.clear()
    try {
      let config = await attempt()
      if (typeof config === 'function') config = await config()
      const datasource = config?.datasource ?? {}
      const text = (value) => (typeof value === 'string' && value !== '' ? value : null)
      const url = text(datasource.url)
      const values = wanted.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))
      const sought = url ?? values[0]?.[1]
      process.send(
        {
          url,
          directUrl: text(datasource.directUrl),
          engine: text(config?.engine),
          hasAdapter: Boolean(config?.adapter ?? config?.migrate?.adapter),
          variables: Object.fromEntries(values),
          urlVariables: Object.keys(process.env).filter((name) => sought !== undefined && process.env[name] === sought),
          environmentFiles: [...environmentFiles],
          failure: null,
        },
        () => process.exit(0),
      )
      return
    } catch (error) {
      // The first failure that is not just a missing tool is the most useful.
      if (failure === null || failure instanceof ToolMissing) failure = error
    }
  }
  process.send({ failure: oneLine(failure), code: failure?.code }, () => process.exit(0))
})()
`
