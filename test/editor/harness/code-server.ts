import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { LONGEST_WAIT, SUITE_ENTRY, type Editor, type SuiteOptions, type WindowOptions } from './editor'

/** VS Code's server and workbench from the npm package code-server, in the system's Chromium. */
export function codeServerEditor(provisioned: {
  readonly main: string
  readonly node: string
  readonly chromium: string
}): Editor {
  const { main, node } = provisioned
  return {
    hasLanguages: true,
    async runSuite(options) {
      const server = await startServer({ main, node }, options)
      const browser = await launchBrowser(provisioned.chromium)
      try {
        await runInBrowser(await newPage(browser), server.host, options)
      } finally {
        await browser.close()
        await server.stop()
      }
    },
    async openWindow(options) {
      const server = await startServer({ main, node }, options)
      const browser = await launchBrowser(provisioned.chromium)
      const page = await newPage(browser)
      if (options.language !== undefined) await page.addInitScript(sayLanguage, options.language)
      const payload = [['openFile', `vscode-remote://${server.host}${options.file}`], ...QUIET]
      if (options.development) payload.push(developmentPath(server.host))
      await page.goto(workbenchUrl(server.host, options.workspace, payload))
      return {
        page,
        close: async () => {
          await browser.close()
          await server.stop()
        },
      }
    },
    async installExtension(vsix, profile) {
      const { status, stdout, stderr } = spawnSync(
        node,
        [main, '--accept-server-license-terms', ...profileFlags(profile), '--install-extension', vsix],
        { encoding: 'utf8' },
      )
      if (status !== 0) throw new Error(`Installing ${vsix} ended with ${String(status)}:\n${stdout}${stderr}`)
      return Promise.resolve()
    },
  }
}

/** Runs in the page, before VS Code reads its language from there. */
function sayLanguage(language: string): void {
  Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => language, set: () => undefined })
}

const QUIET = [['skipWelcome', 'true']]

function developmentPath(host: string): string[] {
  return ['extensionDevelopmentPath', `vscode-remote://${host}${__REPOSITORY__}`]
}

function workbenchUrl(host: string, folder: string, payload: readonly (readonly string[])[]): string {
  return `http://${host}/?${new URLSearchParams({ folder, payload: JSON.stringify(payload) }).toString()}`
}

function profileFlags(profile: string): string[] {
  return ['--server-data-dir', profile, '--extensions-dir', path.join(profile, 'extensions')]
}

interface Server {
  readonly host: string
  stop(): Promise<void>
}

async function startServer(
  { main, node }: { readonly main: string; readonly node: string },
  options: Omit<WindowOptions, 'file' | 'development' | 'language'>,
): Promise<Server> {
  const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms']
  if (options.trusted) flags.push('--disable-workspace-trust')
  const server = spawn(node, [main, ...flags, ...profileFlags(options.profile)], {
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const port = await listeningPort(server)
  return { host: `127.0.0.1:${port}`, stop: () => stopProcess(server) }
}

/** The server says on which port it listens; it is ready from then on. */
function listeningPort(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = ''
    const listen = (chunk: Buffer) => {
      output += chunk.toString()
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1]
      if (port !== undefined) resolve(port)
    }
    server.stdout?.on('data', listen)
    server.stderr?.on('data', listen)
    server.on('error', reject)
    server.on('exit', (code) => reject(new Error(`code-server ended with ${String(code)}:\n${output}`)))
  })
}

function stopProcess(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) {
      resolve()
      return
    }
    const lastResort = setTimeout(() => server.kill('SIGKILL'), 10_000)
    server.on('exit', () => {
      clearTimeout(lastResort)
      resolve()
    })
    server.kill('SIGTERM')
  })
}

async function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(LONGEST_WAIT)
  return page
}

/** VS Code's own interface for tests in a browser: the page calls these two functions. */
async function runInBrowser(page: Page, host: string, options: SuiteOptions): Promise<void> {
  const log: string[] = []
  const exited = new Promise<number>((resolve, reject) => {
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (_type: string, words: readonly unknown[]) =>
        log.push(words.join(' ')),
      )
      await page.exposeFunction('codeAutomationExit', resolve)
      const payload = [developmentPath(host), ['extensionTestsPath', `vscode-remote://${host}${SUITE_ENTRY}`], ...QUIET]
      await page.goto(workbenchUrl(host, options.workspace, payload))
    }
    open().catch(reject)
    const late = () => reject(new Error(`The suite inside VS Code did not end in time.\n${log.slice(-40).join('\n')}`))
    setTimeout(late, SUITE_MILLISECONDS).unref()
  })
  // The exit code repeats what the suite wrote of its tests.
  await exited
}

/** A bound for what hangs: beside six other parts of `npm test`, the suite takes two minutes. */
const SUITE_MILLISECONDS = 900_000
