import path from 'node:path'
import type { CommandOutcome, Interaction } from '../commands/interaction'
import { namingEnvironment } from '../commands/name-environment'
import type { SaidEnvironment } from '../database/environments'
import { describeError } from '../errors'
import { openProject, type OpenProjectOptions } from '../project/open-project'
import type { Project } from '../project/project'
import { renderErrorJson } from '../report/error-json'
import { lineOf, text } from '../text/safe-text'
import { EXIT, exitCodeOf } from './exit-codes'
import { sweepTemporaryFolders } from '../files/temporary-folders'
import type { Terminal } from './terminal'
import { terminalInteraction } from './terminal-interaction'

export interface CommonOptions {
  readonly schema?: string
  readonly url?: string
  readonly policy?: string
  readonly cwd: string
  readonly yes: boolean
  /** Of the commands that plan: everything that is missing. */
  readonly drift?: boolean
  /** Of the commands that ask: show all of what they would do. */
  readonly verbose?: boolean
  /** Of the commands that write: what the database is, and its name as typed by a person. */
  readonly environment?: SaidEnvironment
  readonly confirmDatabase?: string
  /** False by `--no-files`, of the commands that have it. */
  readonly files?: boolean
  /** Of the commands that answer data: an error is data, too, where it is `json`. */
  readonly format?: string
  /** Of the commands whose paths a CI system shows: what they are relative to. */
  readonly pathsFrom?: string
  /** Of the commands that can compare with the project's own migrations. */
  readonly replay?: boolean
  /** How many migrations were replayed in the database that `url` names. */
  readonly replayed?: number
}

export interface TerminalSession {
  readonly project: Project
  readonly interaction: Interaction
}

/**
 * Opens the project that the options name, does the work, and closes it. Failures are told on the log: what happened,
 * why, what to do next; an interrupt ends with the exit code for it. `languages`: a backup, for one, has nothing to do with
 * the language of the schema.
 */
export async function withProject(
  options: CommonOptions,
  terminal: Terminal,
  narrate: 'stdout' | 'stderr',
  work: (session: TerminalSession) => Promise<number>,
  languages: 'supported' | 'any' = 'supported',
): Promise<number> {
  sweepTemporaryFolders()
  return await reportingErrors(
    terminal,
    async () => {
      const project = openProject({ ...projectOptions(options, terminal), signal: terminal.signal })
      project.choose({ writesMigrations: options.files !== false, environment: options.environment ?? null })
      try {
        if (languages === 'supported') {
          project.refuseOtherLanguage()
          project.refuseOtherProvider()
        }
        const asked = terminalInteraction({
          project,
          terminal,
          yes: options.yes,
          verbose: options.verbose === true,
          planCommand: planCommand(options),
          confirmDatabase: options.confirmDatabase ?? null,
          narrate,
        })
        const interaction = namingEnvironment(asked, project)
        return await work({ project, interaction })
      } finally {
        await project.close()
      }
    },
    options.format,
  )
}

/** The project that the options name. Where its URL stands, and code of it that is run to find that, is said on the log. */
export function projectOptions(
  { cwd, schema, policy, url, pathsFrom, replay, replayed }: Omit<CommonOptions, 'yes'>,
  terminal: Terminal,
): OpenProjectOptions {
  const folder = path.resolve(terminal.workingFolder, cwd)
  return {
    folder,
    schemaPath: schema === undefined ? null : path.resolve(folder, schema),
    policyPath: policy === undefined ? null : path.resolve(folder, policy),
    url: url ?? null,
    ...(pathsFrom === undefined ? {} : { shownFrom: path.resolve(folder, pathsFrom) }),
    environment: terminal.environment,
    secrets: terminal.secrets,
    onUrlFound: (label, source) => {
      // The user's own is not asked then, and the embedded one is announced by what it holds.
      const isReplay = replay === true || replayed !== undefined
      if (!isReplay) terminal.log.writeText(text`Database: ${label}, from ${source}`)
    },
    onConfigRun: (file) =>
      terminal.log.writeText(
        text`Running ${file} (code of this project) to read its datasource URL. Pass --url to avoid this.`,
      ),
  }
}

/** What prints the whole plan of the same project; a URL may hold a password, and is not repeated. */
function planCommand({ cwd, schema, policy, url, drift }: CommonOptions): string {
  const words = [
    ...(drift === true ? ['--drift'] : []),
    ...(cwd === '.' ? [] : ['--cwd', cwd]),
    ...(schema === undefined ? [] : ['--schema', schema]),
    ...(policy === undefined ? [] : ['--policy', policy]),
    ...(url === undefined ? [] : ['--url', '…']),
  ]
  return ['prisma-audit plan', ...words].join(' ')
}

/** Tells a failure on the log; a program that reads the answer as JSON gets it as JSON, too. */
export async function reportingErrors(
  terminal: Terminal,
  work: () => Promise<number>,
  format?: string,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error === terminal.signal.reason) terminal.log.writeText(text`Cancelled.`)
    else terminal.log.writeError(describeError(error))
    if (format === 'json') terminal.output.writeData(renderErrorJson(error))
    return terminal.signal.aborted ? EXIT.stopped : EXIT.impossible
  }
}

/** A command that a person follows: what it says goes to stdout, its last line too, and its outcome is the exit code. */
export async function withOutcome(
  options: CommonOptions,
  terminal: Terminal,
  command: (project: Project, interaction: Interaction) => Promise<CommandOutcome>,
  languages: 'supported' | 'any' = 'supported',
): Promise<number> {
  const work = async ({ project, interaction }: TerminalSession): Promise<number> => {
    const outcome = await command(project, interaction)
    interaction.output(lineOf(outcome.message))
    return exitCodeOf(outcome)
  }
  return await withProject(options, terminal, 'stdout', work, languages)
}
