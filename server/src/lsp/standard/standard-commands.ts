import type { Connection } from 'vscode-languageserver'
import { MessageType } from '../protocol'
import { COMMAND_TITLES, type ServerCommand } from '../../../../protocol/src/index'
import { coverageOf } from '../../editor/coverage'
import type { Project } from '../../project/project'
import { coverageMarkdown } from '../../report/coverage-markdown'
import type { Secrets } from '../../database/secrets'
import { lineOf, type SafeText } from '../../text/safe-text'
import type { Translate } from '../../text/translate'
import { carryOut, type EditorOutcome } from '../execute'
import type { ServerLog } from '../log'
import type { OpenFiles } from './open-files'
import type { StandardEditor } from './standard-editor'
import { standardInteraction } from './standard-interaction'

const PREFIX = 'prismaAudit.'

const SHOW_COVERAGE = `${PREFIX}showCoverage`
const CANCEL = `${PREFIX}cancel`
const CREATE_POLICY = `${PREFIX}createPolicy`

/**
 * The commands that an editor without our client runs with `workspace/executeCommand`, in addition to those of lenses
 * and actions.
 */
export const STANDARD_COMMANDS: readonly string[] = [
  ...Object.keys(COMMAND_TITLES).map((command) => `${PREFIX}${command}`),
  SHOW_COVERAGE,
  CREATE_POLICY,
  CANCEL,
]

export interface StandardCommandSurroundings {
  readonly connection: Connection
  readonly editor: StandardEditor
  readonly files: OpenFiles
  readonly secrets: Secrets
  readonly t: Translate
  readonly log: ServerLog
  /** The project of the document in the request; without a document, the only project. */
  projectsFor(uri: string | null): readonly Project[]
  createPolicy(project: Project): Promise<void>
}

export interface CommandRequest {
  readonly command: string
  /** URI of a document of the project. */
  readonly uri: string | null
  /** Name of the database, typed with the command. */
  readonly typedName: string | null
}

/**
 * Runs commands for editors that know none of ours. A request is answered at once, because editors stop waiting after
 * some seconds, while a migration can take long and waits for the user. A message reports how it ended.
 */
export class StandardCommands {
  private readonly running = new Map<Project, AbortController>()

  constructor(private readonly surroundings: StandardCommandSurroundings) {}

  start(request: CommandRequest): void {
    void this.run(request).catch((error: unknown) => {
      const said = error instanceof Error ? error.message : String(error)
      this.surroundings.editor.message(
        MessageType.Error,
        lineOf(`${this.surroundings.t('The command failed.')} ${said}`),
      )
    })
  }

  close(): void {
    for (const abort of this.running.values()) abort.abort()
  }

  private async run({ command, uri, typedName }: CommandRequest): Promise<void> {
    if (command === CANCEL) {
      this.close()
      return
    }
    const project = await this.choose(uri)
    if (project === null) return
    if (command === SHOW_COVERAGE) await this.showCoverage(project)
    else if (command === CREATE_POLICY) await this.surroundings.createPolicy(project)
    else if (isServerCommand(command.slice(PREFIX.length))) {
      await this.execute(project, command.slice(PREFIX.length) as ServerCommand, typedName)
    }
  }

  /** Null if there is none, or if the user chose none. */
  private async choose(uri: string | null): Promise<Project | null> {
    const { editor, t } = this.surroundings
    const candidates = this.surroundings.projectsFor(uri)
    const [first] = candidates
    if (first === undefined) {
      editor.message(MessageType.Error, lineOf(t('No Prisma schema found. Open one, or pass its URI as the argument.')))
      return null
    }
    if (candidates.length === 1) return first
    const choices = candidates.map((project, index) => ({
      id: String(index),
      label: editor.lineFor(`${project.paths.name} (${project.paths.display(project.location.schemaPath)})`),
    }))
    const chosen = await editor.ask(MessageType.Info, { message: lineOf(t('Select a project')), choices })
    if (chosen === 'unable') {
      editor.message(
        MessageType.Error,
        lineOf(t('Several projects are open. Pass the URI of a document as the argument.')),
      )
    }
    return chosen === null ? null : (candidates[Number(chosen)] ?? null)
  }

  private async showCoverage(project: Project): Promise<void> {
    const { t } = this.surroundings
    const title = t('Audit coverage: {0}', project.paths.name)
    const coverage = coverageOf(t, project.schema, project.policy, (model) => project.findings.sidesOf(model))
    await this.surroundings.editor.show({ title, text: coverageMarkdown(title, coverage, t) })
  }

  private async execute(project: Project, command: ServerCommand, typedName: string | null): Promise<void> {
    const { editor, secrets, t } = this.surroundings
    const abort = new AbortController()
    const progress = await editor.progress()
    progress.begin(`Prisma Audit: ${t(COMMAND_TITLES[command])}`, undefined, undefined, true)
    const subscription = progress.token.onCancellationRequested(() => {
      abort.abort()
    })
    if (!this.running.has(project)) this.running.set(project, abort)
    const failures: SafeText[] = []
    try {
      const interaction = standardInteraction({
        ...this.surroundings,
        project,
        progress,
        typedName,
        signal: abort.signal,
      })
      const outcome = await carryOut(project, command, interaction, {
        secrets,
        t,
        log: this.surroundings.log,
        tellFailure: (said) => failures.push(said),
      })
      const { report, opens } = outcome
      if (report !== undefined) await editor.show({ title: report.title, text: report.folded })
      if (opens !== undefined) await editor.open(opens)
      progress.done()
      await this.tellEnd(project, outcome, failures[0] ?? outcome.message)
    } finally {
      subscription.dispose()
      progress.done()
      if (this.running.get(project) === abort) this.running.delete(project)
    }
  }

  /** Offers to continue an interrupted run; a completed one is only reported. */
  private async tellEnd(project: Project, outcome: EditorOutcome, message: SafeText): Promise<void> {
    const { editor } = this.surroundings
    const { status } = outcome
    const next = (outcome.next ?? []).flatMap(({ command, label }) =>
      isServerCommand(command) ? [{ id: command, label: editor.lineFor(label) }] : [],
    )
    const type =
      status === 'failed' ? MessageType.Error : status === 'findings' ? MessageType.Warning : MessageType.Info
    if (next.length === 0 || status === 'done' || status === 'findings') {
      editor.message(type, message)
      return
    }
    const chosen = await editor.ask(type, { message, choices: next })
    if (chosen === 'unable') editor.message(type, message)
    else if (chosen !== null) await this.execute(project, chosen, null)
  }
}

function isServerCommand(name: string): name is ServerCommand {
  return Object.hasOwn(COMMAND_TITLES, name)
}
