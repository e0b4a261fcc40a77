import type { Page } from 'playwright-core'
import { provisionedEditor } from '../../../test/editor/harness/provisioned'
import type { Bench } from '../bench'
import type { Row } from '../measurement'
import { median, milliseconds, times } from '../statistics'

const WINDOWS = 5
const TARGET = 60

/**
 * What VS Code's extension host says that loading and activating us took, as *Show Running Extensions* has it; beside
 * VS Code's own Git extension in the same windows, since on a busy machine both take several times as long.
 */
export const activation: Row = {
  name: 'activation',
  async measure(bench) {
    const windows: Activation[] = []
    for (let window = 0; window < WINDOWS; window++) windows.push(await activate(bench))
    const figures = windows.map(({ ours }) => ours)
    const git = median(windows.map((window) => window.git))
    return [
      {
        what: `activation, by the extension host's own figure, median of ${WINDOWS} windows`,
        ours: milliseconds(median(figures)),
        peer: `${milliseconds(git)} (Git)`,
        ratio: times(median(figures) / git),
        target: `< ${TARGET} ms`,
        isMet: median(figures) < TARGET,
        figures: { median: median(figures), least: Math.min(...figures), most: Math.max(...figures), git },
      },
    ]
  },
}

/** Milliseconds. */
interface Activation {
  readonly ours: number
  readonly git: number
}

/** In a new window with a profile of its own. */
async function activate(bench: Bench): Promise<Activation> {
  const project = await bench.project(81)
  const window = await provisionedEditor().openWindow({
    workspace: project.folder,
    file: project.file,
    trusted: true,
    profile: bench.newFolder('profile'),
    environment: {},
    development: true,
  })
  const { page } = window
  try {
    await page.locator('.statusbar-item', { hasText: 'Prisma Audit' }).first().waitFor()
    await page.keyboard.press('F1')
    await page.locator('.quick-input-widget input').first().waitFor()
    await page.keyboard.type('Developer: Show Running Extensions')
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Show Running Extensions' }).waitFor()
    await page.keyboard.press('Enter')
    return { ours: await activationOf(page, 'prisma-audit'), git: await activationOf(page, /^Git\d/) }
  } finally {
    await window.close()
  }
}

/** Until `activate` has ended, for us with the language server started, the row says "Activating...". */
async function activationOf(page: Page, extension: string | RegExp): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: extension })
  const time = await row.locator('.activation-time', { hasText: /\d+ms/ }).textContent()
  return Number(/(\d+)ms/.exec(time ?? '')?.[1])
}
