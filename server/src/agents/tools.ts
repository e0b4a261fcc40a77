import { createHash } from 'node:crypto'
import type { ServerIdentity } from '../database/server-identity'
import type { Plan } from '../migration/model'
import { listBackups } from '../backup/manifest/list-backups'
import * as z from 'zod'
import { SEVERITIES } from '../audit/finding'
import { answerCheck } from '../commands/check'
import type { CommandOutcome, Question } from '../commands/interaction'
import { backUpFirst } from '../commands/back-up'
import { renderBackups } from '../commands/backups'
import {
  confirmMigration,
  findMigrationWork,
  hasWork,
  migrateProject,
  migrationQuestion,
  requireWritableWork,
} from '../commands/migrate'
import { namingEnvironment, withEnvironment } from '../commands/name-environment'
import { planProject } from '../commands/plan'
import { rehearseProject } from '../commands/rehearse'
import { findRollbackQuestion, rollBackCommand } from '../commands/roll-back'
import { previewOptions } from '../commands/show-plan'
import { nothingToMigrate, resolveTarget, type Target } from '../commands/target'
import { verifyProject } from '../commands/verify'
import { describeUrl } from '../database/describe-url'
import { coverageOf } from '../editor/coverage'
import { AuditError } from '../errors'
import { renderPreview } from '../migration/render/preview'
import { renderRehearsalText } from '../migration/render/rehearsal'
import type { Project } from '../project/project'
import { coverageMarkdown } from '../report/coverage-markdown'
import { renderFindingsJson } from '../report/findings-json'
import { renderVerificationJson } from '../report/verification'
import { inEnglish } from '../text/translate'
import type { AgentInteraction } from './agent-interaction'
import { explainFinding } from './explain-finding'
import { readableTarget, requireOpenToAgents, type AgentLimits } from './open-to-agents'
import { phraseText, untranslated } from '../text/phrase'

export interface AgentTool {
  readonly name: string
  /** English, and the key of its translation. */
  readonly title: string
  readonly description: string
  readonly input: Readonly<Record<string, z.ZodType>>
  /** Whether it may change a database or files. Then a person is asked first. */
  readonly writes: boolean
  /** Returns the text for the agent. Throws an AuditError if the work cannot be done. */
  run(call: ToolCall): Promise<string>
  /**
   * What a person would confirm, for an editor that shows it before it allows the call; null if there is nothing to do.
   * Throws as `run` does.
   */
  readonly consent?: (call: ToolCall) => Promise<Pick<Question, 'message' | 'detail'> | null>
}

export interface ToolCall {
  readonly project: Project
  readonly interaction: AgentInteraction
  readonly given: ToolInput
  readonly limits: AgentLimits
}

/** As parsed by the tool's `input`. */
export type ToolInput = Readonly<Record<string, unknown>>

/** In one result of `check`: a model cannot read more. */
const MOST_FINDINGS = 100

const DRIFT = {
  drift: z.boolean().optional().describe('Also plan everything else that the schema defines and the database lacks.'),
}

/** The tools for agents. None accepts a URL, a file or SQL: they are set when the server starts. */
export const AGENT_TOOLS: readonly AgentTool[] = [
  {
    name: 'check',
    title: phraseText('Compare schema and database'),
    description: 'Compares the Prisma schema with the live database. Returns the findings as JSON. Changes nothing.',
    input: {},
    writes: false,
    async run({ project, interaction }) {
      const report = await answerCheck(project, interaction)
      const worst = SEVERITIES.flatMap((severity) => report.findings.filter((finding) => finding.severity === severity))
      const more = worst.length - MOST_FINDINGS
      const json = renderFindingsJson({ ...report, findings: worst.slice(0, MOST_FINDINGS) })
      return more <= 0
        ? json
        : `${json}… and ${more} more findings of the same or lower severity; summary counts only those above.`
    },
  },
  {
    name: 'explain_finding',
    title: phraseText('Explain a finding'),
    description: 'Explains what a finding code means, and how to fix or ignore it.',
    input: { code: z.string().max(60).describe('A code that check returned, such as column-missing.') },
    writes: false,
    run: ({ given }) => Promise.resolve(explainFinding(String(given.code))),
  },
  {
    name: 'plan',
    title: phraseText('Plan the migration'),
    description:
      'Shows the migration that fixes the findings: steps, locks, SQL, warnings, and the hash that migrate needs to run this plan. Changes nothing.',
    input: DRIFT,
    writes: false,
    async run(call) {
      const { target, planned } = await planReadable(call)
      const inAnswer = { ...call.interaction, t: inEnglish }
      const preview = renderPreview(planned.plan, await previewOptions(planned, null, inAnswer))
      return `Plan hash: ${planHash(planned.plan, target.server)}\n\n${preview}`
    },
  },
  {
    name: 'rehearse',
    title: phraseText('Rehearse the migration'),
    description:
      'Runs the planned migration up and down twice on a copy of the structure, in an embedded PostgreSQL. The real database is only read.',
    input: DRIFT,
    writes: false,
    async run(call) {
      const { target, planned } = await planReadable(call)
      const rehearsal = await rehearseProject(call.project, call.interaction, planned)
      return rehearsal === null ? nothingToMigrate(target, planned.plan) : renderRehearsalText(rehearsal)
    },
  },
  {
    name: 'verify',
    title: phraseText('Verify the migration'),
    description:
      'Verifies on the live database that the required fields exist and work. Rows that it writes to test a trigger are rolled back.',
    input: {},
    writes: false,
    async run(call) {
      const { project, interaction } = call
      const target = await resolveReadable(call)
      return renderVerificationJson(await verifyProject(project, interaction, target))
    },
  },
  {
    name: 'coverage',
    title: phraseText('Show audit coverage'),
    description: 'Returns which model has which audit field, and who fills it, as a Markdown table. Changes nothing.',
    input: {},
    writes: false,
    async run({ project, interaction }) {
      project.policyFile.refuseInvalid()
      await project.readDatabase(interaction.signal)
      const coverage = coverageOf(inEnglish, project.schema, project.policy, (model) => project.findings.sidesOf(model))
      return coverageMarkdown(`Audit coverage: ${project.paths.name}`, coverage)
    },
  },
  {
    name: 'backups',
    title: phraseText('List the backups'),
    description: 'Lists the backups of the project with database, age and verification level. Changes nothing.',
    input: {},
    writes: false,
    run: ({ project }) => {
      const { backupFolder } = project
      return Promise.resolve(renderBackups(backupFolder, listBackups(backupFolder), new Date()))
    },
  },
  {
    name: 'migrate',
    title: phraseText('Migrate the database'),
    description:
      'Runs the plan that the plan tool returned, after a backup. Runs only if the person confirms it by typing the name of the database.',
    input: { ...DRIFT, planHash: z.string().max(64).describe('The hash that plan returned.') },
    writes: true,
    run: migrate,
    async consent(call) {
      const { target, found } = await findAgreedWork(call)
      const { t } = call.interaction
      return hasWork(found) ? withEnvironment(migrationQuestion(t, found, migrationRemark(call)), target, t) : null
    },
  },
  {
    name: 'roll_back',
    title: phraseText('Roll the migration back'),
    description:
      'Rolls back the newest migration, in the database and in the schema. Runs only if the person confirms it by typing the name of the database.',
    input: {},
    writes: true,
    async run({ project, interaction, limits }) {
      const target = await project.databaseTarget(interaction.signal)
      requireOpenToAgents(project, target, limits)
      interaction.subject = { project, database: describeUrl(target.url).database }
      const asking = namingEnvironment(interaction, project)
      const outcome = await rollBackCommand(project, asking, { dropData: false, application: false })
      return outcomeText(interaction, outcome)
    },
    async consent({ project, interaction, limits }) {
      const target = await project.databaseTarget(interaction.signal)
      requireOpenToAgents(project, target, limits)
      const question = await findRollbackQuestion(interaction, target)
      return question === null ? null : withEnvironment(question, target, interaction.t)
    },
  },
]

async function migrate(call: ToolCall): Promise<string> {
  const { project, interaction } = call
  const { target, found } = await findAgreedWork(call)
  if (!hasWork(found)) return nothingToMigrate(target, found.plan)
  interaction.subject = { project, database: describeUrl(target.url).database }
  const asking = namingEnvironment(interaction, project)
  const work = await requireWritableWork(project, asking, found)
  if (work === null) return DECLINED
  // Before the backup: nothing is written, not even to disk, without a confirmation.
  if (!(await confirmMigration(asking, work, migrationRemark(call), null))) return DECLINED
  const backup = await backUpFirst(project, asking, work)
  if (backup === null) return DECLINED
  const result = await migrateProject(project, asking, work, backup.remark, { preservedValues: 'ask' })
  if (result === null) return DECLINED
  return outcomeText(interaction, { status: 'done', message: `The run ${result.status}.` })
}

function migrationRemark({ interaction: { t, sqlRemark }, given }: ToolCall): string {
  return `${t('The database is backed up first.')} ${sqlRemark({ drift: given.drift === true })}`
}

/** The plan of the hash. Throws `plan-differs` if that is no longer what would run, and `closed-to-agents`. */
async function findAgreedWork({ project, interaction, given, limits }: ToolCall) {
  const target = await resolveTarget(project, interaction, { drift: given.drift === true })
  requireOpenToAgents(project, target, limits)
  const found = await findMigrationWork(project, interaction, target)
  const hash = planHash(found.plan, target.server)
  if (hasWork(found) && hash !== given.planHash) throw anotherPlan(hash)
  return { target, found }
}

async function planReadable(call: ToolCall) {
  const target = await resolveReadable(call)
  return { target, planned: await planProject(call.project, call.interaction, target) }
}

/** For a call that only reads. */
async function resolveReadable({ project, interaction, given, limits }: ToolCall): Promise<Target> {
  const target = await resolveTarget(project, interaction, { drift: given.drift === true })
  return readableTarget(project, target, limits)
}

const DECLINED = 'The person declined. Nothing was changed. Do not ask again unless the person wants it.'

function outcomeText({ shown }: AgentInteraction, { status, message }: CommandOutcome): string {
  return [...shown, status === 'cancelled' ? `Cancelled. ${message}` : message].join('\n')
}

function anotherPlan(hash: string): AuditError {
  return new AuditError('plan-differs', {
    what: untranslated`Nothing was changed: this is not the plan that would run now.`,
    why: untranslated`The plan for this database now has the hash ${hash}.`,
    nextStep: untranslated`Call plan, show the person its result, and call migrate with the hash in it.`,
  })
}

/** Identifies a plan for a database: any other step, statement or server gives another hash. 16 hexadecimal digits. */
function planHash(plan: Plan, server: ServerIdentity): string {
  // The steps that record the run in Prisma's history contain the time in their names.
  const shown = plan.steps.filter(({ kind }) => kind !== 'record-history')
  const steps = shown.map(({ kind, title, up, down }) => ({ kind, title, up, down }))
  return createHash('sha256')
    .update(JSON.stringify([server, steps]))
    .digest('hex')
    .slice(0, 16)
}
