import type { CodeAction, Command, Diagnostic, Range } from 'vscode-languageserver'
import { CodeActionKind, CodeActionTriggerKind } from './protocol'
import { COMMAND_TITLES } from '../../../protocol/src/index'
import { kindOfCode } from '../audit-fields/kinds'
import { isOfUnfitColumn, type Finding } from '../audit/finding'
import {
  allFieldsFixes,
  auditFixes,
  modelFieldsFixes,
  unfitFields,
  type AuditSources,
} from '../editor/fixes/audit-fixes'
import { databaseSideFixes, silencingFixes } from '../editor/fixes/finding-fixes'
import type { LateFix, SchemaFix } from '../editor/fixes/schema-fix'
import { canBePlanned } from '../editor/planned-object'
import type { Project } from '../project/project'
import { rangeInFile } from '../schema/model'
import type { TextEdit } from '../schema/edits/text-edit'
import { newSchemaErrors, schemaErrorsFinder, type SchemaError } from '../schema/validation/new-schema-errors'
import { notificationLine } from '../text/notification-text'
import { LIMITS } from '../text/safe-text'
import { toDiagnostic } from './diagnostics'
import { fixSourcesOf } from './fix-sources'
import { policyCreation, policyToCreate } from './policy-creation'
import { overlaps } from './ranges'
import { rejection } from './rejection'
import { previewObjectCommand } from './schema-commands'
import { uriOfPath } from './uris'
import { toWorkspaceEdit } from './workspace-edit'
import type { Translate } from '../text/translate'

export interface CodeActionContext {
  readonly t: Translate
  readonly project: Project
  /** Absolute path of the document. */
  readonly file: string
  readonly range: Range
  /** What the editor shows there: until it has the findings of the newest text, those of a text of before. */
  readonly shown: readonly Diagnostic[]
  /** Whether the editor resolves the edit of a chosen action in a second request. */
  readonly resolvesEdits: boolean
  /** The kinds that the editor requests; all kinds if undefined. */
  readonly only?: readonly string[] | undefined
  readonly triggerKind?: CodeActionTriggerKind | undefined
}

export const FIX_ALL_AUDIT_FIELDS = `${CodeActionKind.SourceFixAll}.prismaAudit`

/**
 * The actions for the findings that overlap a range or are shown there. They use only what is already known; nothing is
 * read for them.
 */
export async function codeActions(context: CodeActionContext): Promise<CodeAction[]> {
  if (!isWritten(context.project)) return []
  const actions = await editActions(context, fixesAt(context))
  return wants(context.only, CodeActionKind.QuickFix) ? [...actions, ...otherActions(context)] : actions
}

/** An action that was sent without its edit, which is computed when the action is chosen. */
export async function resolvedAction(
  context: CodeActionContext,
  action: CodeAction,
): Promise<CodeAction | SchemaError> {
  const fix = isWritten(context.project)
    ? fixesAt(context).find((each) => titleOf(each) === action.title && each.kind === action.kind)
    : undefined
  const edits = fix?.makeEdits() ?? []
  if (!mayWrite(context.project, edits)) return action
  const [error] = isToBeTried(edits) ? await newSchemaErrors(context.project.schema, edits) : []
  return error ?? { ...action, edit: toWorkspaceEdit(edits) }
}

/** An invalid policy must be corrected, not rewritten. In another schema language nothing is written. */
function isWritten({ policyFile, otherLanguage }: Project): boolean {
  return policyFile.reading.problems.length === 0 && otherLanguage === null
}

interface Fix extends LateFix {
  readonly findings: readonly Finding[]
  readonly kind: string
}

function fixesAt(context: CodeActionContext): Fix[] {
  const { t, only } = context
  const audit = auditSources(context)
  const quick = wants(only, CodeActionKind.QuickFix) ? quickFixes(context, audit) : []
  // A single field has its own quick fix.
  const whole = audit === null || !wantsFixAll(context) ? [] : allFieldsFixes(audit, t('Fix all audit fields'), 1)
  return [...quick, ...whole.map((fix) => ({ ...fix, findings: [], kind: FIX_ALL_AUDIT_FIELDS }))]
}

function quickFixes(context: CodeActionContext, audit: AuditSources | null): Fix[] {
  const findings = findingsAt(context)
  const sources = fixSourcesOf(context.t, context.project)
  const kind = CodeActionKind.QuickFix
  const single = findings.flatMap((finding) =>
    [...(audit === null ? [] : auditFixes(finding, audit)), ...databaseSideFixes(finding, sources).map(late)].map(
      (fix) => ({ ...fix, findings: [finding], kind }),
    ),
  )
  // Ignoring a finding comes last, after the actual fixes.
  const silencing = findings
    .filter(({ severity }) => severity !== 'hint')
    .flatMap((finding) => silencingFixes(finding, sources).map((fix) => ({ ...late(fix), findings: [finding], kind })))
  const lacking = findings.filter(isAuditFinding)
  if (audit === null || lacking.length === 0) return [...single, ...silencing]
  const all = allFieldsFixes(audit, context.t('Add all missing audit fields to the schema'), 2)
  return [
    ...single,
    ...ofModels(lacking, audit),
    ...all.map((fix) => ({ ...fix, findings: lacking, kind })),
    ...silencing,
  ]
}

/**
 * Each has the findings of its own model: with those of all, a selected schema of 1,000 models would give a million.
 */
function ofModels(lacking: readonly Finding[], audit: AuditSources): Fix[] {
  const kind = CodeActionKind.QuickFix
  const byModel = new Map<string, Finding[]>()
  for (const finding of lacking) {
    const { model } = finding
    if (model === null) continue
    const known = byModel.get(model)
    if (known === undefined) byModel.set(model, [finding])
    else known.push(finding)
  }
  return [...byModel].flatMap(([model, findings]) =>
    modelFieldsFixes(model, audit).map((fix) => ({ ...fix, findings, kind })),
  )
}

function late({ title, isPreferred, edits }: SchemaFix): LateFix {
  return { title, isPreferred, makeEdits: () => edits }
}

function findingsAt({ t, project, file, range, shown }: CodeActionContext): Finding[] {
  const isShown = (finding: Finding) =>
    shown.some(({ code, data, message }) => {
      const { model = null } = (data ?? {}) as { model?: string }
      return code === finding.code && model === finding.model && message === toDiagnostic(t, finding).message
    })
  return project.findings.ofFile(file).filter((finding) => overlaps(finding.range, range) || isShown(finding))
}

function isAuditFinding({ code, model }: Finding): boolean {
  return kindOfCode(code) !== undefined && model !== null
}

/** The actions that do not edit the schema: policy edits and commands. */
function otherActions(context: CodeActionContext): CodeAction[] {
  const { t, project, file } = context
  const findings = findingsAt(context)
  const policy = project.policy === null ? policyActions(context, findings) : []
  const planned = findings.filter(canBePlanned).map((finding) => planAction(t, file, finding))
  return [
    ...policy,
    ...planned,
    ...actorActions(t, file, findings),
    ...(project.policy === null ? [] : migrationActions(t, file, findings.filter(isAuditFinding))),
  ]
}

function auditSources({ t, project }: CodeActionContext): AuditSources | null {
  const { policy, schema, location } = project
  if (policy === null) return null
  const text = project.findFile(location.policyPath)
  const unfit = unfitFields(project.findings.all())
  return { t, schema, policy, unfit, policyFile: text === null ? null : { file: location.policyPath, text } }
}

function wants(only: readonly string[] | undefined, kind: string): boolean {
  return only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`))
}

/** Running all `source.fixAll` on save must not add fields to the schema: on save, our own kind has to be named. */
function wantsFixAll({ only, triggerKind }: CodeActionContext): boolean {
  if (only === undefined) return false
  const isByItself = triggerKind === CodeActionTriggerKind.Automatic
  return isByItself ? only.includes(FIX_ALL_AUDIT_FIELDS) : wants(only, FIX_ALL_AUDIT_FIELDS)
}

/**
 * A fix after which Prisma would reject the schema is shown disabled, with the reason. A large schema takes Prisma long
 * to read, and many fixes as long, so there the check and the edits are computed only for the chosen fix.
 */
async function editActions(context: CodeActionContext, fixes: readonly Fix[]): Promise<CodeAction[]> {
  const { t, project, file, range, resolvesEdits } = context
  if (resolvesEdits && (fixes.length > TRIED_AT_ONCE || isLarge(project))) {
    return fixes.map((fix) => ({ ...actionOf(t, fix), data: { uri: uriOfPath(file), range } }))
  }
  const made = fixes.map((fix) => ({ fix, edits: fix.makeEdits() }))
  const allowed = made.filter(({ edits }) => mayWrite(project, edits))
  const isAnyToBeTried = allowed.some(({ edits }) => isToBeTried(edits))
  const errorsAfter = isAnyToBeTried ? await schemaErrorsFinder(project.schema) : () => []
  return allowed.map(({ fix, edits }) => {
    const [error] = isToBeTried(edits) ? errorsAfter(edits) : []
    const { isPreferred, ...action } = actionOf(t, fix)
    return error === undefined
      ? { ...action, edit: toWorkspaceEdit(edits), ...(isPreferred === undefined ? {} : { isPreferred }) }
      : { ...action, disabled: { reason: rejection(t, error) } }
  })
}

function actionOf(t: Translate, fix: Fix): CodeAction {
  const { findings, isPreferred } = fix
  return {
    title: titleOf(fix),
    kind: fix.kind,
    ...(findings.length === 0 ? {} : { diagnostics: findings.map((finding) => toDiagnostic(t, finding)), isPreferred }),
  }
}

function titleOf({ title }: Fix): string {
  return notificationLine(title, LIMITS.title)
}

/** A comment cannot make the schema invalid. */
function isToBeTried(edits: readonly TextEdit[]): boolean {
  return edits.some(({ newText }) => !newText.trimStart().startsWith('///'))
}

/** A link may lead outside the project. */
function mayWrite(project: Project, edits: readonly TextEdit[]): boolean {
  return edits.length > 0 && project.paths.mayWrite(edits.map((edit) => edit.file))
}

/** More fixes come from a selection only. */
const TRIED_AT_ONCE = 30

function isLarge({ schema }: Project): boolean {
  return schema.files.reduce((sum, { text }) => sum + text.length, 0) > 100_000
}

/** Offered on the hint that there is no policy, and on every model's name. */
function policyActions({ t, project, file, range }: CodeActionContext, findings: readonly Finding[]): CodeAction[] {
  const hints = findings.filter(({ code }) => kindOfCode(code) !== undefined)
  const blocks = project.schema.files.find(({ path }) => path === file)?.blocks ?? []
  const isOnModel = blocks.some(
    (placed) => placed.block.kind === 'model' && overlaps(rangeInFile(placed, placed.block.name.range), range),
  )
  const isOffered = (hints.length > 0 || isOnModel) && project.paths.mayWrite([policyToCreate(project)])
  return isOffered
    ? [
        policyCreation(
          t,
          project,
          hints.map((finding) => toDiagnostic(t, finding)),
        ),
      ]
    : []
}

/** The schema's side: the SQL that gives the database what the schema defines. */
function planAction(t: Translate, file: string, finding: Finding): CodeAction {
  return commandAction(t, previewObjectCommand(t, uriOfPath(file), finding), [finding])
}

function actorActions(t: Translate, file: string, findings: readonly Finding[]): CodeAction[] {
  const missing = findings.filter(({ code }) => code === 'actor-missing')
  if (missing.length === 0) return []
  const command = { title: t(COMMAND_TITLES.actor), command: 'prismaAudit.actor', arguments: [uriOfPath(file)] }
  return [{ ...commandAction(t, command, missing), isPreferred: true }]
}

function migrationActions(t: Translate, file: string, lacking: readonly Finding[]): CodeAction[] {
  // A plan refuses a column that cannot be the field.
  const audit = lacking.filter((finding) => !isOfUnfitColumn(finding))
  if (!audit.some(({ missingIn }) => missingIn !== 'schema')) return []
  const given = { arguments: [uriOfPath(file)] }
  return [
    commandAction(t, { title: t('Run Guided Migration…'), command: 'prismaAudit.guided', ...given }, audit),
    commandAction(t, { title: t(COMMAND_TITLES.preview), command: 'prismaAudit.preview', ...given }, audit),
  ]
}

function commandAction(t: Translate, command: Command, findings: readonly Finding[]): CodeAction {
  const diagnostics = findings.map((finding) => toDiagnostic(t, finding))
  return { title: command.title, kind: CodeActionKind.QuickFix, diagnostics, command }
}
