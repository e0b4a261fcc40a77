import { CodeActionKind, CodeActionTriggerKind, type CodeAction, type Command, type Range } from 'vscode-languageserver'
import { kindOfCode } from '../audit-fields/kinds'
import type { Finding } from '../audit/finding'
import { allFieldsFixes, auditFixes, modelFieldsFixes, type AuditSources } from '../editor/fixes/audit-fixes'
import { databaseSideFixes, silencingFixes } from '../editor/fixes/finding-fixes'
import type { SchemaFix } from '../editor/fixes/schema-fix'
import { canBePlanned } from '../editor/planned-object'
import type { Project } from '../project/project'
import { rangeInFile } from '../schema/model'
import { schemaErrorsFinder, type SchemaError } from '../schema/validation/new-schema-errors'
import { lineOf, LIMITS } from '../text/safe-text'
import { toDiagnostic } from './diagnostics'
import { fixSourcesOf } from './fix-sources'
import { policyCreation, policyToCreate } from './policy-creation'
import { overlaps } from './ranges'
import { previewObjectCommand } from './schema-commands'
import { uriOfPath } from './uris'
import { toWorkspaceEdit } from './workspace-edit'

export interface CodeActionContext {
  readonly project: Project
  /** Absolute path of the document. */
  readonly file: string
  readonly range: Range
  /** Does the editor know our commands (only our own client does)? */
  readonly hasCommands: boolean
  /** What the editor asks for; all kinds where it does not say. */
  readonly only?: readonly string[] | undefined
  readonly triggerKind?: CodeActionTriggerKind | undefined
}

export const FIX_ALL_AUDIT_FIELDS = `${CodeActionKind.SourceFixAll}.prismaAudit`

/** The actions for the findings that touch a range. They come from what is known already: nothing is read for them. */
export async function codeActions(context: CodeActionContext): Promise<CodeAction[]> {
  const { project, only } = context
  // A policy that is not valid is to be corrected, not rewritten; and nothing is written for another language.
  if (project.policyFile.reading.problems.length > 0 || project.otherLanguage !== null) return []
  return [
    ...(wants(only, CodeActionKind.QuickFix) ? await quickFixes(context) : []),
    ...(wantsFixAll(context) ? await fixAllActions(project) : []),
  ]
}

async function quickFixes(context: CodeActionContext): Promise<CodeAction[]> {
  const { project, file, range, hasCommands } = context
  const ofFile = project.findingsByFile().find((each) => each.file === file)?.findings ?? []
  const findings = ofFile.filter((finding) => overlaps(finding.range, range))
  const fixes = findings.flatMap((finding) => fixesOf(finding, project))
  const audit = findings.filter(({ code, model }) => kindOfCode(code) !== undefined && model !== null)
  const actions = await editActions(project, [...fixes, ...fieldsFixes(project, audit)])
  if (project.policy === null) actions.push(...policyActions(context, findings))
  if (!hasCommands) return actions
  const planned = findings.filter(canBePlanned).map((finding) => planAction(file, finding))
  return [...actions, ...planned, ...migrationActions(audit)]
}

interface Fix extends SchemaFix {
  readonly findings: readonly Finding[]
  readonly kind?: string
}

function fixesOf(finding: Finding, project: Project): Fix[] {
  const sources = fixSourcesOf(project)
  const audit = auditSources(project)
  const fixes = [
    ...(audit === null ? [] : auditFixes(finding, audit)),
    ...databaseSideFixes(finding, sources),
    ...(finding.severity === 'hint' ? [] : silencingFixes(finding, sources)),
  ]
  return fixes.map((fix) => ({ ...fix, findings: [finding] }))
}

/** All that the model lacks, and all of the policy, where that is more than the fix at hand would write. */
function fieldsFixes(project: Project, audit: readonly Finding[]): Fix[] {
  const sources = auditSources(project)
  if (sources === null || audit.length === 0) return []
  const models = new Set(audit.flatMap(({ model }) => model ?? []))
  const ofModels = [...models].flatMap((model) => modelFieldsFixes(model, sources))
  const all = allFieldsFixes(sources, 'Add all missing audit fields to the schema')
  return [...ofModels, ...all].map((fix) => ({ ...fix, findings: audit }))
}

async function fixAllActions(project: Project): Promise<CodeAction[]> {
  const sources = auditSources(project)
  const fixes = sources === null ? [] : allFieldsFixes(sources, 'Fix all audit fields')
  return await editActions(
    project,
    fixes.map((fix) => ({ ...fix, findings: [], kind: FIX_ALL_AUDIT_FIELDS })),
  )
}

function auditSources(project: Project): AuditSources | null {
  const { policy, schema, location } = project
  if (policy === null) return null
  const text = project.findFile(location.policyPath)
  return { schema, policy, policyFile: text === null ? null : { file: location.policyPath, text } }
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`))
}

/** Whoever lets all `source.fixAll` run on save has not asked for new fields in the schema: that takes our own name. */
function wantsFixAll({ only, triggerKind }: CodeActionContext): boolean {
  if (only === undefined) return false
  const isByItself = triggerKind === CodeActionTriggerKind.Automatic
  return isByItself ? only.includes(FIX_ALL_AUDIT_FIELDS) : wants(only, FIX_ALL_AUDIT_FIELDS)
}

async function editActions(project: Project, fixes: readonly Fix[]): Promise<CodeAction[]> {
  // A link may lead out of the project.
  const allowed = fixes.filter(({ edits }) => project.paths.mayWrite(edits.map((edit) => edit.file)))
  // A comment breaks no schema.
  const isToBeTried = ({ edits }: Fix) => edits.some(({ newText }) => !newText.trimStart().startsWith('///'))
  const errorsAfter = allowed.some(isToBeTried) ? await schemaErrorsFinder(project.schema) : () => []
  return allowed.map((fix) => editAction(fix, isToBeTried(fix) ? errorsAfter(fix.edits) : []))
}

/** On the hint that there is no policy, and on every model's name. */
function policyActions({ project, file, range }: CodeActionContext, findings: readonly Finding[]): CodeAction[] {
  const hints = findings.filter(({ code }) => kindOfCode(code) !== undefined)
  const blocks = project.schema.files.find(({ path }) => path === file)?.blocks ?? []
  const isOnModel = blocks.some(
    (placed) => placed.block.kind === 'model' && overlaps(rangeInFile(placed, placed.block.name.range), range),
  )
  const isOffered = (hints.length > 0 || isOnModel) && project.paths.mayWrite([policyToCreate(project)])
  return isOffered
    ? [
        policyCreation(
          project,
          hints.map((finding) => toDiagnostic(finding)),
        ),
      ]
    : []
}

/** One after which Prisma would refuse the schema is shown with the reason, and cannot be chosen. */
function editAction({ title, edits, findings, isPreferred, kind }: Fix, [error]: readonly SchemaError[]): CodeAction {
  const action = {
    title: lineOf(title, LIMITS.title),
    kind: kind ?? CodeActionKind.QuickFix,
    ...(findings.length === 0 ? {} : { diagnostics: findings.map((finding) => toDiagnostic(finding)) }),
  }
  return error === undefined
    ? { ...action, edit: toWorkspaceEdit(edits), ...(kind === undefined ? { isPreferred } : {}) }
    : { ...action, disabled: { reason: lineOf(`Prisma would reject the schema: ${error.message}`) } }
}

/** The schema's side: the SQL after which the database has what the schema says. */
function planAction(file: string, finding: Finding): CodeAction {
  return commandAction(previewObjectCommand(uriOfPath(file), finding), [finding])
}

function migrationActions(audit: readonly Finding[]): CodeAction[] {
  if (!audit.some(({ missingIn }) => missingIn !== 'schema')) return []
  return [
    commandAction({ title: 'Run the guided migration …', command: 'prismaAudit.guided' }, audit),
    commandAction({ title: 'Preview the migration', command: 'prismaAudit.preview' }, audit),
  ]
}

function commandAction(command: Command, findings: readonly Finding[]): CodeAction {
  const diagnostics = findings.map((finding) => toDiagnostic(finding))
  return { title: command.title, kind: CodeActionKind.QuickFix, diagnostics, command }
}
