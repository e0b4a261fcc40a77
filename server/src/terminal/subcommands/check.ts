import path from 'node:path'
import type { Severity } from '../../audit/finding'
import { baselineFile, baselineMissing, withoutKnown } from '../../commands/baseline'
import { answerCheck, checkOutcome, checkProject, checkSchemaAlone, withFolderFindings } from '../../commands/check'
import { invalidSchema } from '../../commands/invalid-schema'
import { hasNeverMigrated, withReplayedMigrations } from '../../commands/replay-migrations'
import type { CheckReport } from '../../report/findings-json'
import { jsonDocument } from '../../text/data-text'
import { exitCodeOf } from '../exit-codes'
import type { CheckFormat, FurtherReport } from '../output-formats'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions, type TerminalSession } from '../terminal-session'
import { renderCheck } from './check-formats'
import { writeReports } from './write-reports'

export interface CheckOptions extends CommonOptions {
  readonly format: CheckFormat | 'timing'
  readonly report: readonly FurtherReport<CheckFormat>[]
  readonly failOn: Severity | 'none'
  readonly repeat: number
  /** False for `--no-baseline`; otherwise omitted. */
  readonly baseline?: string | false
  readonly validate: boolean
}

export async function checkFromTerminal(options: CheckOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async (session) => {
    // Without the policy that was asked for, a check would pass because nothing is required.
    if (options.policy !== undefined && !session.project.policyFile.exists) session.project.policyFile.require()
    const baseline = fileOfBaseline(session, options, terminal)
    const isAlone = options.replay === true && hasNeverMigrated(session.project)
    if (options.replay === true && !isAlone) {
      // Before the minutes that many migrations take.
      session.project.policyFile.refuseInvalid()
      return await withReplayedMigrations(session.project, session.interaction, (url, replayed) =>
        checkFromTerminal({ ...options, replay: false, validate: true, replayed, url }, terminal),
      )
    }
    if (options.format === 'timing') return await timeChecks(session, options.repeat, terminal)
    const all = await answered(session, options, isAlone)
    const report = baseline === null ? all : withoutKnown(session.project, all, baseline)
    const folder = path.resolve(terminal.workingFolder, options.cwd)
    const render = (format: CheckFormat) => renderCheck(report, format, session, terminal.version)
    await writeReports(options.report, render, session.project, { terminal, folder })
    const { text, data } = await render(options.format)
    if (data === null) terminal.output.writeText(text)
    else terminal.output.writeData(data)
    return exitCodeOf(checkOutcome(report, options.failOn))
  })
}

/** `isAlone`: without a database, since there is nothing to replay. */
async function answered(
  { project, interaction }: TerminalSession,
  options: CheckOptions,
  isAlone: boolean,
): Promise<CheckReport> {
  const report = await (isAlone ? checkSchemaAlone : answerCheck)(project, interaction)
  const invalid = options.validate || isAlone ? await invalidSchema(project, report.findings) : []
  const all = { ...report, findings: [...invalid, ...report.findings] }
  const { replayed } = options
  return replayed === undefined ? all : { ...withFolderFindings(project, all), replayed }
}

/** Null for `--no-baseline`. Throws if the given one does not exist. */
function fileOfBaseline(
  { project }: TerminalSession,
  { baseline, cwd }: CheckOptions,
  terminal: Terminal,
): string | null {
  if (baseline === false) return null
  if (baseline === undefined) return baselineFile(project)
  const file = path.resolve(terminal.workingFolder, cwd, baseline)
  if (project.findFile(file) === null) throw baselineMissing(file)
  return file
}

/** One figure per read and comparison on a warm connection; the first read, which opens it, is not counted. */
async function timeChecks(
  { project, interaction }: TerminalSession,
  repeat: number,
  terminal: Terminal,
): Promise<number> {
  await checkProject(project, interaction)
  const milliseconds: number[] = []
  for (let turn = 0; turn < repeat; turn++) {
    const start = performance.now()
    await project.readDatabase(interaction.signal)
    project.findings.all()
    milliseconds.push(Math.round((performance.now() - start) * 1000) / 1000)
  }
  terminal.output.writeData(jsonDocument({ milliseconds }, 0))
  return 0
}
