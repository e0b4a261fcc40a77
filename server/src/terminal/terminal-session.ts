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
import { inPlainEnglish } from '../text/phrase'

export interface CommonOptions {
  readonly schema?: string
  readonly url?: string
  readonly policy?: string
  readonly cwd: string
  readonly yes: boolean
  /** For commands that plan: everything that is missing. */
  readonly drift?: boolean
  /** For commands that ask: show everything that they would do. */
  readonly verbose?: boolean
  /** For commands that write: the environment of the database, and its name as typed by a person. */
  readonly environment?: SaidEnvironment
  readonly confirmDatabase?: string
  /** False for `--no-files`, for commands that have it. */
  readonly files?: boolean
  /** For commands that print data: with `json`, an error is data too. */
  readonly format?: string
  /** For commands whose paths a CI system shows: the folder that they are relative to. */
  readonly pathsFrom?: string
  /** For commands that can compare with the project's own migrations. */
  readonly replay?: boolean
  /** The number of migrations that were replayed in the database of `url`. */
  readonly replayed?: number
}

export interface TerminalSession {
  readonly project: Project
  readonly interaction: Interaction
}

/**
 * Opens the project of the options, runs the work, and closes it. Prints failures to the log: what happened, why, what
 * to do next; an interrupt has its own exit code. `languages`: some commands, such as a backup, do not depend on the
 * language of the schema.
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
          project.refuseUnsupported()
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

/** The project of the options. The log shows the source of its URL, and any code that is run to find it. */
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
      // The user's own database is not used then, and the embedded one is described by its contents.
      const isReplay = replay === true || replayed !== undefined
      if (!isReplay) terminal.log.writeText(text`Database: ${label}, from ${inPlainEnglish(source)}`)
    },
    onConfigRun: (file) =>
      terminal.log.writeText(
        text`Running ${file} (code of this project) to read its datasource URL. Pass --url to avoid this.`,
      ),
  }
}

/** The command that prints the full plan of the same project; a URL may contain a password and is not repeated. */
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

/** Prints a failure to the log, and as JSON for a program that reads JSON. */
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

/** A command for a person: its output and its final message go to stdout, and its outcome is the exit code. */
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
