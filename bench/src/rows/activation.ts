import { provisionedEditor } from '../../../test/editor/harness/provisioned'
import type { Bench } from '../bench'
import type { Row } from '../measurement'
import { median, milliseconds } from '../statistics'

const WINDOWS = 5
const TARGET = 60

/** What VS Code's extension host says that loading and activating us took, as *Show Running Extensions* has it. */
export const activation: Row = {
  name: 'activation',
  async measure(bench) {
    const figures: number[] = []
    for (let window = 0; window < WINDOWS; window++) figures.push(await activate(bench))
    return [
      {
        what: `activation, by the extension host's own figure, median of ${WINDOWS} windows`,
        ours: milliseconds(median(figures)),
        peer: '',
        ratio: '',
        target: `< ${TARGET} ms`,
        isMet: median(figures) < TARGET,
        figures: { median: median(figures), least: Math.min(...figures), most: Math.max(...figures) },
      },
    ]
  },
}

/** Milliseconds, in a new window with a profile of its own. */
async function activate(bench: Bench): Promise<number> {
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
    // Until `activate` has ended, with the language server started, it says "Activating...".
    const time = page
      .locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Prisma Audit' })
      .locator('.activation-time', { hasText: /\d+ms/ })
    const [, figure = ''] = /(\d+)ms/.exec((await time.textContent()) ?? '') ?? []
    return Number(figure)
  } finally {
    await window.close()
  }
}
