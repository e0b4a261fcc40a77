// VS Code itself, as @vscode/test-electron downloads it.
import path from 'node:path'
import { download } from '@vscode/test-electron'
import { CACHE_FOLDER } from './cache.mjs'

const CONTACT_URL = 'https://update.code.visualstudio.com/api/releases/stable'
const CONTACT_MILLISECONDS = 5_000
const DOWNLOAD_IDLE_MILLISECONDS = 15_000

export async function provisionElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY) {
    throw new Error('there is no display; `xvfb-run npm test` provides one')
  }
  await fetch(CONTACT_URL, { signal: AbortSignal.timeout(CONTACT_MILLISECONDS) }).catch((error) => {
    throw new Error(`${new URL(CONTACT_URL).host} does not answer`, { cause: error })
  })
  const cachePath = path.join(CACHE_FOLDER, 'vscode')
  const executable = await download({ version: 'stable', cachePath, timeout: DOWNLOAD_IDLE_MILLISECONDS })
  return { kind: 'electron', executable }
}
