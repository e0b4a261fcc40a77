import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import type { EditorWindow } from '../../../test/editor/harness/editor'
import { provisionedEditor } from '../../../test/editor/harness/provisioned'
import type { Bench, BenchProject } from '../bench'
import type { Row } from '../measurement'
import { modelName } from '../schema'
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
    const windows: Typewriter[] = []
    for (const kind of ['ours', 'full', 'without'] as const) windows.push(await Typewriter.open(bench, kind))
    const [ours = NOTHING, full = NOTHING, without = NOTHING] = await typeInTurns(windows)
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
      {
        what: 'the same with a policy, lenses, the coverage and the findings in view',
        ours: `${full.longTasks.length}`,
        peer: `${without.longTasks.length}`,
        ratio: '',
        target: 'none of ours',
        isMet: full.longTasks.length <= without.longTasks.length,
        figures: {
          longTasks: full.longTasks.length,
          longest: Math.max(0, ...full.longTasks),
          squiggleMedian: median(full.squiggle),
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

  /** `full`: with a policy that every model offends, and all that shows it. */
  static async open(bench: Bench, kind: 'ours' | 'full' | 'without'): Promise<Typewriter> {
    const project = await writeProject(bench, kind === 'full')
    const hasUs = kind !== 'without'
    const window = await provisionedEditor().openWindow({
      workspace: project.folder,
      file: project.file,
      trusted: true,
      profile: bench.newFolder('profile'),
      environment: {},
      development: hasUs,
    })
    await window.page.evaluate(fs.readFileSync(path.join(__REPOSITORY__, 'bench', 'page-probe.js'), 'utf8'))
    if (kind === 'full') await showAll(window.page)
    await putCursorBehind(window.page, project, '  name ')
    await window.page.evaluate('prismaAuditBench.begin()')
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

async function writeProject(bench: Bench, hasPolicy: boolean): Promise<BenchProject> {
  const project = await bench.project(MODELS)
  fs.writeFileSync(path.join(project.folder, 'prisma.config.ts'), configOf(project))
  if (hasPolicy) fs.writeFileSync(path.join(project.folder, 'prisma-audit.json'), JSON.stringify(POLICY))
  fs.mkdirSync(path.join(project.folder, '.vscode'))
  fs.writeFileSync(path.join(project.folder, '.vscode', 'settings.json'), JSON.stringify(QUIET_EDITOR))
  return project
}

const POLICY = { userModel: modelName(0), rules: [{ models: ['*'], require: ['updatedBy'] }] }

/** The coverage beside the schema, whose lenses are there then, and the findings in the explorer. */
async function showAll(page: Page): Promise<void> {
  await page.locator('.squiggly-warning').first().waitFor()
  await run(page, 'Prisma Audit: Show Coverage')
  await page.locator('.tab', { hasText: 'Audit coverage' }).waitFor()
  await run(page, 'View: Move Editor into Right Group')
  await run(page, 'Explorer: Focus on Prisma Audit View')
  await page.locator('.codelens-decoration').first().waitFor()
}

async function run(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1')
  await page.locator('.quick-input-widget input').first().waitFor()
  await page.keyboard.type(title)
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor()
  await page.keyboard.press('Enter')
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
