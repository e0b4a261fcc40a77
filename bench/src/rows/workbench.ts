import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import type { EditorWindow } from '../../../test/editor/harness/editor'
import { provisionedEditor } from '../../../test/editor/harness/provisioned'
import type { Bench, BenchProject } from '../bench'
import type { Row } from '../measurement'
import { median, milliseconds, percentile, times } from '../statistics'

const MODELS = 1001
const ROUNDS = 25

/**
 * Key press to squiggle in the real workbench, beside the same workbench without us. The key makes a field's name one that has
 * no column, the next one takes that back.
 */
export const workbench: Row = {
  name: 'workbench',
  async measure(bench) {
    const project = await bench.project(MODELS)
    fs.writeFileSync(path.join(project.folder, 'prisma.config.ts'), configOf(project))
    fs.mkdirSync(path.join(project.folder, '.vscode'))
    fs.writeFileSync(path.join(project.folder, '.vscode', 'settings.json'), JSON.stringify(QUIET_EDITOR))
    const windows = await Promise.all([true, false].map((hasUs) => Typewriter.open(bench, project, hasUs)))
    const [ours = NOTHING, without = NOTHING] = await typeInTurns(windows)
    const ratio = median(ours.written) / median(without.written)
    return [
      {
        what: `key press → squiggle in the workbench, ${MODELS} models, median (beside it: 95th percentile)`,
        ours: milliseconds(median(ours.squiggle)),
        peer: milliseconds(percentile(ours.squiggle, 0.95)),
        ratio: '',
        target: '',
        isMet: null,
        figures: { squiggleMedian: median(ours.squiggle), squiggleP95: percentile(ours.squiggle, 0.95) },
      },
      {
        what: 'key press → character in the workbench, median (peer: the same workbench without us)',
        ours: milliseconds(median(ours.written)),
        peer: milliseconds(median(without.written)),
        ratio: times(ratio),
        target: '',
        isMet: null,
        figures: { writtenMedian: median(ours.written), withoutMedian: median(without.written), ratio },
      },
      {
        what: `long tasks over 50 ms in ${2 * ROUNDS} key presses (peer: the same workbench without us)`,
        ours: `${ours.longTasks.length}`,
        peer: `${without.longTasks.length}`,
        ratio: '',
        target: 'none of ours',
        isMet: ours.longTasks.length <= without.longTasks.length,
        figures: {
          longTasks: ours.longTasks.length,
          longest: Math.max(0, ...ours.longTasks),
          withoutLongTasks: without.longTasks.length,
          withoutLongest: Math.max(0, ...without.longTasks),
        },
      },
    ]
  },
}

interface Typed {
  /** Milliseconds, one for each key press. */
  readonly written: number[]
  readonly squiggle: number[]
  readonly longTasks: number[]
}

const NOTHING: Typed = { written: [], squiggle: [], longTasks: [] }

/** So that whatever else the machine does falls on both. */
async function typeInTurns(windows: readonly Typewriter[]): Promise<Typed[]> {
  try {
    for (let round = 0; round < ROUNDS; round++) for (const window of windows) await window.typeAndTakeBack()
    return windows.map(({ typed }) => typed)
  } finally {
    for (const window of windows) await window.close()
  }
}

/** A window of the workbench, with the cursor behind a field's name. */
class Typewriter {
  readonly typed: Typed = { written: [], squiggle: [], longTasks: [] }

  private constructor(
    private readonly window: EditorWindow,
    private readonly hasUs: boolean,
  ) {}

  static async open(bench: Bench, project: BenchProject, hasUs: boolean): Promise<Typewriter> {
    const window = await provisionedEditor().openWindow({
      workspace: project.folder,
      file: project.file,
      trusted: true,
      profile: bench.newFolder('profile'),
      environment: {},
      development: hasUs,
    })
    await window.page.evaluate(fs.readFileSync(path.join(__REPOSITORY__, 'bench', 'page-probe.js'), 'utf8'))
    await putCursorBehind(window.page, project, '  name ')
    const typewriter = new Typewriter(window, hasUs)
    // The first time waits for the server and its first look at the database.
    await typewriter.typeAndTakeBack()
    for (const figures of Object.values(typewriter.typed) as number[][]) figures.length = 0
    return typewriter
  }

  async typeAndTakeBack(): Promise<void> {
    await this.takeLongTasks()
    const [written, squiggle] = await this.press('s', '  names ', true)
    const [takenBack] = await this.press('Backspace', '  name ', false)
    this.typed.written.push(written, takenBack)
    if (squiggle !== null) this.typed.squiggle.push(squiggle)
    this.typed.longTasks.push(...(await this.takeLongTasks()))
  }

  close(): Promise<void> {
    return this.window.close()
  }

  private async press(key: string, text: string, squiggle: boolean): Promise<[number, number | null]> {
    const { page } = this.window
    await page.evaluate(`prismaAuditBench.expect(${JSON.stringify(text)}, ${this.hasUs ? squiggle : null})`)
    await page.keyboard.press(key)
    return await page.evaluate('prismaAuditBench.expected')
  }

  private takeLongTasks(): Promise<number[]> {
    return this.window.page.evaluate('prismaAuditBench.takeLongTasks()')
  }
}

/** In a model in the middle of the file. */
async function putCursorBehind(page: Page, project: BenchProject, start: string): Promise<void> {
  const lines = project.text.split('\n')
  const line = lines.findIndex((text, number) => number > lines.length / 2 && text.startsWith(start))
  await page.locator('.view-line', { hasText: 'datasource' }).first().click()
  await page.keyboard.press('Control+g')
  await page.locator('.quick-input-widget input').first().waitFor()
  await page.keyboard.type(`${line + 1}:${start.trimEnd().length + 1}`)
  await page.keyboard.press('Enter')
  await page.locator('.view-line', { hasText: 'parentId' }).first().waitFor()
}

function configOf({ url }: BenchProject): string {
  const datasource = JSON.stringify({ url })
  return `import { defineConfig } from 'prisma/config'\n\nexport default defineConfig({ schema: 'prisma/schema.prisma', datasource: ${datasource} })\n`
}

/** What would come in between, on either side. */
const QUIET_EDITOR = {
  'editor.quickSuggestions': false,
  'editor.wordBasedSuggestions': 'off',
  'editor.occurrencesHighlight': 'off',
  'editor.suggestOnTriggerCharacters': false,
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
}
