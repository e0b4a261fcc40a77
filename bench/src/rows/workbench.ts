import fs from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import type { EditorWindow } from '../../../test/editor/harness/editor'
import { provisionedEditor } from '../../../test/editor/harness/provisioned'
import type { Bench, BenchProject } from '../bench'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds, percentile, times } from '../statistics'

const MODELS = 1001
const ROUNDS = 25

/** Milliseconds. */
const LONG_TASK = 50

/**
 * Key press to squiggle in the real workbench, beside the same workbench without us: where all is well, and where a
 * policy flags every model three times. The key makes a field's name one that has no column, the next one takes that
 * back.
 */
export const workbench: Row = {
  name: 'workbench',
  async measure(bench) {
    return [...(await typeIn(bench, false)), ...(await typeIn(bench, true))]
  },
}

async function typeIn(bench: Bench, isFlagged: boolean): Promise<Measurement[]> {
  const project = await bench.project(MODELS)
  fs.writeFileSync(path.join(project.folder, 'prisma.config.ts'), configOf(project))
  if (isFlagged) fs.writeFileSync(path.join(project.folder, 'prisma-audit.json'), JSON.stringify(EVERYWHERE))
  fs.mkdirSync(path.join(project.folder, '.vscode'))
  fs.writeFileSync(path.join(project.folder, '.vscode', 'settings.json'), JSON.stringify(QUIET_EDITOR))
  const windows = await Promise.all([true, false].map((hasUs) => Typewriter.open(bench, project, hasUs)))
  const [ours = NOTHING, without = NOTHING] = await typeInTurns(windows)
  const ratio = median(ours.written) / median(without.written)
  const [longTasks, withoutLongTasks] = [ours, without].map(({ tasks }) => tasks.filter((task) => task > LONG_TASK))
  const [processor, withoutUs] = [ours, without].map(({ tasks }) => sum(tasks) / (2 * ROUNDS))
  const where = isFlagged ? `, ${3 * MODELS} findings` : ''
  return [
    {
      what: `key press → squiggle in the workbench, ${MODELS} models${where}, median (beside it: 95th percentile)`,
      ours: milliseconds(median(ours.squiggle)),
      peer: milliseconds(percentile(ours.squiggle, 0.95)),
      ratio: '',
      target: '',
      isMet: null,
      figures: { squiggleMedian: median(ours.squiggle), squiggleP95: percentile(ours.squiggle, 0.95) },
    },
    {
      what: `key press → character in the workbench${where}, median (peer: the same workbench without us)`,
      ours: milliseconds(median(ours.written)),
      peer: milliseconds(median(without.written)),
      ratio: times(ratio),
      target: '',
      isMet: null,
      figures: { writtenMedian: median(ours.written), withoutMedian: median(without.written), ratio },
    },
    {
      what: `processor time of the workbench's thread for a key press${where} (peer: without us)`,
      ours: milliseconds(processor ?? 0),
      peer: milliseconds(withoutUs ?? 0),
      ratio: '',
      target: '',
      isMet: null,
      figures: { processor: processor ?? 0, withoutUs: withoutUs ?? 0 },
    },
    {
      what: `tasks of over ${LONG_TASK} ms of processor time in ${2 * ROUNDS} key presses${where} (peer: without us)`,
      ours: `${longTasks?.length ?? 0}`,
      peer: `${withoutLongTasks?.length ?? 0}`,
      ratio: '',
      target: 'none of ours',
      isMet: (longTasks?.length ?? 0) <= (withoutLongTasks?.length ?? 0),
      figures: {
        longTasks: longTasks?.length ?? 0,
        longest: longestOf(ours.tasks),
        withoutLongTasks: withoutLongTasks?.length ?? 0,
        withoutLongest: longestOf(without.tasks),
      },
    },
  ]
}

interface Typed {
  /** Milliseconds, one for each key press. */
  readonly written: number[]
  readonly squiggle: number[]
  /** Milliseconds of processor time, one for each task of the workbench's thread. */
  readonly tasks: number[]
}

const NOTHING: Typed = { written: [], squiggle: [], tasks: [] }

/** So that whatever else the machine does falls on both. */
async function typeInTurns(windows: readonly Typewriter[]): Promise<Typed[]> {
  try {
    for (const window of windows) await window.startTrace()
    for (let round = 0; round < ROUNDS; round++) for (const window of windows) await window.typeAndTakeBack()
    for (const window of windows) await window.endTrace()
    return windows.map(({ typed }) => typed)
  } finally {
    for (const window of windows) await window.close()
  }
}

/** A window of the workbench, with the cursor behind a field's name. */
class Typewriter {
  readonly typed: Typed = { written: [], squiggle: [], tasks: [] }

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

  /** How long a task takes by the clock depends on what else the machine does; its processor time does not. */
  async startTrace(): Promise<void> {
    const { page } = this.window
    await page
      .context()
      .browser()
      ?.startTracing(page, { categories: ['toplevel', '__metadata'] })
  }

  async endTrace(): Promise<void> {
    const trace = await this.window.page.context().browser()?.stopTracing()
    if (trace !== undefined) this.typed.tasks.push(...tasksOfBusiestPage(trace.toString()))
  }

  async typeAndTakeBack(): Promise<void> {
    const [written, squiggle] = await this.press('s', '  names ', true)
    const [takenBack] = await this.press('Backspace', '  name ', false)
    this.typed.written.push(written, takenBack)
    if (squiggle !== null) this.typed.squiggle.push(squiggle)
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
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  /** Microseconds of processor time. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** In milliseconds; webviews are pages of their own. */
function tasksOfBusiestPage(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] }
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`
  const isPage = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain'
  const pages = new Map(traceEvents.filter(isPage).map((event) => [threadOf(event), [] as number[]]))
  for (const event of traceEvents) {
    if (event.name.endsWith('RunTask')) pages.get(threadOf(event))?.push((event.tdur ?? 0) / 1000)
  }
  return [...pages.values()].sort((left, right) => sum(right) - sum(left))[0] ?? []
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function longestOf(tasks: readonly number[]): number {
  return tasks.reduce((longest, task) => Math.max(longest, task), 0)
}

/** Three fields that no model has. */
const EVERYWHERE = {
  userModel: 'Entity0000',
  rules: [{ models: ['*'], require: ['updatedBy', 'ownerId', 'createdBy'] }],
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
