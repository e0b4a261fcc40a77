// Finds or fetches a real VS Code for the editor tests: `node scripts/editor/provision.mjs` prints what it found. First
// VS Code itself by @vscode/test-electron, if there is a display and the download responds; otherwise code-server,
// which is VS Code's own workbench and extension host, with the system's Chromium. PRISMA_AUDIT_TEST_EDITOR (`electron`
// or `code-server`) restricts it to one of them.
import { fileURLToPath } from 'node:url'
import { provisionCodeServer } from './code-server.mjs'
import { provisionElectron } from './electron.mjs'

/**
 * @typedef {{ kind: 'electron', executable: string } | { kind: 'code-server', main: string, chromium: string }} Editor
 * @returns {Promise<Editor>}
 */
export async function provisionEditor() {
  const wanted = process.env.PRISMA_AUDIT_TEST_EDITOR
  const ways = { electron: provisionElectron, 'code-server': provisionCodeServer }
  const obstacles = []
  for (const [kind, provision] of Object.entries(ways)) {
    if (wanted !== undefined && wanted !== kind) continue
    try {
      return await provision()
    } catch (error) {
      obstacles.push(`- ${kind}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(
    `The editor tests found no VS Code to run in.\n${obstacles.join('\n')}\n` +
      `On Debian or Ubuntu: apt-get install chromium ripgrep (code-server comes from the npm registry); ` +
      `elsewhere: a network that reaches update.code.visualstudio.com, and a display.`,
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(await provisionEditor(), null, 2)}\n`)
}
