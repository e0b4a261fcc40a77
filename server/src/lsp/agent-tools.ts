import type { Connection } from 'vscode-languageserver'
import {
  COMMAND_TITLES,
  type AgentToolAnswer,
  type AgentToolCall,
  type AgentToolPreparation,
} from '../../../protocol/src/index'
import { agentInteraction, type AgentInteraction } from '../agents/agent-interaction'
import { openCallLog, type CallLog } from '../agents/call-log'
import { callTool, readInput } from '../agents/call-tool'
import type { AgentLimits } from '../agents/open-to-agents'
import { AGENT_TOOLS, type AgentTool } from '../agents/tools'
import { MOST_READING, Turns } from '../agents/turns'
import type { Question } from '../commands/interaction'
import { AuditError } from '../errors'
import type { DeclaredDatabases } from '../project/declared-databases'
import type { Project } from '../project/project'
import { markdownLine } from '../text/markdown-text'
import { notificationLine } from '../text/notification-text'
import { lineOf } from '../text/safe-text'
import { dialogOf } from './dialog-text'
import { editorInteraction } from './editor-interaction'
import { stillRunning, type EditorRun } from './execute'
import { inEnglish, type Translate } from '../text/translate'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { fixedPhrase, phraseIn, untranslated } from '../text/phrase'

/** Serves the tools of `server/src/agents` to the language models of an editor with our client. */
export class AgentTools {
  private log: CallLog | null = null
  private readonly reading = new Turns(MOST_READING)
  private readonly limits: AgentLimits

  constructor(
    private readonly connection: Connection,
    private readonly environment: EnvironmentVariables,
    declared: DeclaredDatabases,
  ) {
    this.limits = { readOnly: false, declared }
  }

  /** If preparing fails, there is nothing to confirm: the call itself then fails the same way, and is logged. */
  async prepare(project: Project, { tool: name, input }: AgentToolCall, run: EditorRun): Promise<AgentToolPreparation> {
    const tool = toolCalled(name)
    const { consent } = tool
    const progress = titleIn(run.t, tool)
    if (consent === undefined) return { progress, confirmation: null }
    return await this.asAgent(project, run, async (interaction) => {
      try {
        await project.findUrlAgain()
        const question = await consent({ project, interaction, given: readInput(tool, input), limits: this.limits })
        return { progress, confirmation: question === null ? null : confirmationOf(run, question) }
      } catch (error) {
        run.log.failure(`${tool.title} for an agent: not prepared`, error)
        return { progress, confirmation: null }
      }
    })
  }

  /** Throws without doing anything if the call log cannot be opened. */
  async call(project: Project, { tool: name, input }: AgentToolCall, run: EditorRun): Promise<AgentToolAnswer> {
    const tool = toolCalled(name)
    this.log ??= openCallLog(this.environment)
    const { secrets } = run
    const surroundings = {
      log: this.log,
      secrets,
      limits: this.limits,
      onProject: (work: Work) => onProject(project, tool, work),
    }
    const answer = () => this.asAgent(project, run, (interaction) => callTool(surroundings, tool, input, interaction))
    return tool.writes ? await answer() : await this.reading.take(answer)
  }

  private async asAgent<Answer>(
    project: Project,
    { token, secrets, t }: EditorRun,
    work: (interaction: AgentInteraction) => Promise<Answer>,
  ): Promise<Answer> {
    const abort = new AbortController()
    const subscription = token.onCancellationRequested(() => abort.abort())
    const editor = editorInteraction(this.connection, '', abort.signal, { project, secrets, t })
    try {
      return await work(
        agentInteraction({
          signal: abort.signal,
          t,
          sqlRemark: (options) => sqlRemark(t, options),
          onProgress: () => undefined,
          ask: (question, { database }) =>
            editor.confirm({ ...question, writesTo: { name: database, typedBecause: 'agent' } }),
          editor,
        }),
      )
    } finally {
      subscription.dispose()
    }
  }
}

type Work = (project: Project) => Promise<string>

/** Runs at most one writing call at a time, and none during a command of the user. Throws `project-busy`. */
async function onProject(project: Project, tool: AgentTool, work: Work): Promise<string> {
  if (!tool.writes) {
    await project.findUrlAgain()
    return await work(project)
  }
  const busy = stillRunning(inEnglish, project)
  if (busy !== null) throw projectBusy(busy)
  project.runningCommand = tool.title
  try {
    await project.findUrlAgain()
    return await work(project)
  } finally {
    project.runningCommand = null
    project.live.refreshSoon()
  }
}

/** Outside of a chat, VS Code shows it as a dialog, so it is as short as one. */
function confirmationOf({ t, secrets }: EditorRun, question: Pick<Question, 'message' | 'detail'>) {
  const lineFor = (foreign: string) => notificationLine(secrets.blotOut(lineOf(foreign)))
  const { message: title, detail } = dialogOf(t, { ...question, choices: [] }, lineFor)
  return { title, message: detail.split('\n').map(markdownLine).join('\n\n') }
}

function sqlRemark(t: Translate, { drift }: { readonly drift: boolean }): string {
  return t('To read the SQL, run "Prisma Audit: {0}".', t(COMMAND_TITLES[drift ? 'previewMissing' : 'preview']))
}

function titleIn(t: Translate, { title }: AgentTool): string {
  return phraseIn(t, fixedPhrase(title))
}

function toolCalled(name: AgentToolCall['tool']): AgentTool {
  const tool = AGENT_TOOLS.find((each) => each.name === name)
  if (tool === undefined) throw new Error(`Unknown tool "${name}".`)
  return tool
}

function projectBusy(message: string): AuditError {
  return new AuditError('project-busy', {
    what: untranslated`Nothing was changed: another command is running for this project.`,
    why: untranslated`${message}`,
    nextStep: untranslated`Call again when it has finished.`,
  })
}
