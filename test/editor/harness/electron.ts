import path from 'node:path'
import { resolveCliArgsFromVSCodeExecutablePath, runTests, TestRunFailedError } from '@vscode/test-electron'
import { spawnSync } from 'node:child_process'
import { _electron } from 'playwright-core'
import { LONGEST_WAIT, SUITE_ENTRY, type Editor, type WindowOptions } from './editor'

/** VS Code itself, as @vscode/test-electron downloads it. */
export function electronEditor({ executable }: { readonly executable: string }): Editor {
  return {
    hasLanguages: false,
    async runSuite(options) {
      try {
        await runTests({
          vscodeExecutablePath: executable,
          extensionDevelopmentPath: __REPOSITORY__,
          extensionTestsPath: SUITE_ENTRY,
          extensionTestsEnv: options.environment,
          launchArgs: [options.workspace, ...flags(options)],
        })
      } catch (error) {
        // The suite wrote which of its tests failed.
        if (!(error instanceof TestRunFailedError)) throw error
      }
    },
    async openWindow(options) {
      const development = options.development ? [`--extensionDevelopmentPath=${__REPOSITORY__}`] : []
      const application = await _electron.launch({
        executablePath: executable,
        args: [options.workspace, '--goto', options.file, ...flags(options), ...development],
        env: { ...definedVariables(), ...options.environment },
      })
      const page = await application.firstWindow()
      page.setDefaultTimeout(LONGEST_WAIT)
      await page.setViewportSize({ width: 1400, height: 900 })
      return { page, close: () => application.close() }
    },
    installExtension(vsix, profile) {
      const [program = executable, ...first] = resolveCliArgsFromVSCodeExecutablePath(executable)
      const args = [...first, ...profileFlags(profile), '--install-extension', vsix]
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
      if (status !== 0) throw new Error(`Installing ${vsix} ended with ${String(status)}:\n${stdout}${stderr}`)
      return Promise.resolve()
    },
  }
}

function flags({ trusted, profile }: Pick<WindowOptions, 'trusted' | 'profile'>): string[] {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return [
    ...profileFlags(profile),
    ...(trusted ? ['--disable-workspace-trust'] : []),
    ...asRoot,
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-gpu',
  ]
}

function profileFlags(profile: string): string[] {
  return ['--user-data-dir', profile, '--extensions-dir', path.join(profile, 'extensions')]
}

function definedVariables(): Record<string, string> {
  const defined = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(defined)
}
