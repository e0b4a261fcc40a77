import path from 'node:path'
import { CodeActionKind, type CodeAction, type Range } from 'vscode-languageserver'
import { aliasEdits } from '../audit-fields/alias-edit'
import { kindOfCode, type AuditField, type AuditFieldKind } from '../audit-fields/kinds'
import { likelyAlias, userFacts } from '../audit-fields/likely-alias'
import type { Finding } from '../audit/finding'
import { missingAuditFields } from '../audit-fields/requirements'
import type { Project } from '../project/project'
import { auditFieldEdits } from '../audit-fields/edits/audit-field-edits'
import { findModel, modelsOf } from '../schema/lookup'
import { rangeInFile } from '../schema/model'
import { mapFieldEdit } from '../schema/edits/map-field'
import { ignoreCommentEdit } from '../audit-fields/edits/ignore-comment'
import type { TextEdit } from '../schema/edits/text-edit'
import { schemaErrorsFinder, type SchemaError } from '../schema/validation/new-schema-errors'
import { lineOf, LIMITS } from '../text/safe-text'
import { toDiagnostic } from './diagnostics'
import { policyCreation, policyToCreate } from './policy-creation'
import { overlaps } from './ranges'
import { toWorkspaceEdit } from './workspace-edit'

export interface CodeActionContext {
  readonly project: Project
  /** Absolute path of the document. */
  readonly file: string
  readonly range: Range
  /** Does the editor know our commands (only our own client does)? */
  readonly hasCommands: boolean
}

/** The quick fixes for the findings that touch a range. They come from what is known already: nothing is read for them. */
export async function codeActions(context: CodeActionContext): Promise<CodeAction[]> {
  const { project, file, range, hasCommands } = context
  const findings = project.findings().filter((finding) => finding.file === file && overlaps(finding.range, range))
  // A policy that is not valid is to be corrected, not rewritten; and nothing is written for another language.
  if (project.policyFile.reading.problems.length > 0 || project.otherLanguage !== null) return []
  const renamed = findings.flatMap((finding) => renameFixes(project, finding))
  if (project.policy === null) return [...(await editActions(project, renamed)), ...policyActions(context, findings)]
  const audit = findings.flatMap(auditFindingOf)
  const fixes = [...renamed, ...audit.flatMap((found) => auditFixes(project, found)), ...allFieldsFix(project, audit)]
  const actions = await editActions(project, fixes)
  if (hasCommands && audit.some(({ finding }) => finding.missingIn !== 'schema')) {
    actions.push(
      commandAction(
        'Run the guided migration …',
        'prismaAudit.guided',
        audit.map(({ finding }) => finding),
      ),
    )
    actions.push(
      commandAction(
        'Preview the migration',
        'prismaAudit.preview',
        audit.map(({ finding }) => finding),
      ),
    )
  }
  return actions
}

async function editActions(project: Project, fixes: readonly Fix[]): Promise<CodeAction[]> {
  // A link may lead out of the project.
  const allowed = fixes.filter(({ edits }) => project.paths.mayWrite(edits.map((edit) => edit.file)))
  const errorsAfter = allowed.length === 0 ? () => [] : await schemaErrorsFinder(project.schema)
  return allowed.map((fix) => editAction(fix, errorsAfter(fix.edits)))
}

/** A field that was renamed in the schema alone keeps its column by `@map`. */
function renameFixes(project: Project, finding: Finding): Fix[] {
  const { model, field, likelyFormer } = finding
  if (model === null || field === null || likelyFormer === undefined) return []
  const edit = mapFieldEdit(project.schema, model, field, likelyFormer)
  const title = `Keep the column ${likelyFormer} for ${model}.${field} (@map)`
  return edit === null ? [] : [{ title, edits: [edit], findings: [finding], isPreferred: true }]
}

/** On the hint that there is no policy, and on every model's name. */
function policyActions({ project, file, range }: CodeActionContext, findings: readonly Finding[]): CodeAction[] {
  const hints = findings.filter(({ code }) => kindOfCode(code) !== undefined)
  const isOnModel = modelsOf(project.schema).some(
    (found) => found.file.path === file && overlaps(rangeInFile(found.placed, found.model.name.range), range),
  )
  const isOffered = (hints.length > 0 || isOnModel) && project.paths.mayWrite([policyToCreate(project)])
  return isOffered ? [policyCreation(project, hints.map(toDiagnostic))] : []
}

/** A finding that a model has no field of a kind. */
interface AuditFinding {
  readonly finding: Finding
  readonly model: string
  readonly kind: AuditFieldKind
}

function auditFindingOf(finding: Finding): AuditFinding[] {
  const kind = kindOfCode(finding.code)
  return kind === undefined || finding.model === null ? [] : [{ finding, model: finding.model, kind }]
}

interface Fix {
  readonly title: string
  readonly edits: readonly TextEdit[]
  readonly findings: readonly Finding[]
  readonly isPreferred: boolean
}

function auditFixes(project: Project, { finding, model, kind: { name: field } }: AuditFinding): Fix[] {
  const { policy } = project
  if (policy === null) return []
  const fixes: Fix[] = []
  const findings = [finding]
  if (finding.missingIn !== 'database') {
    const edits = auditFieldEdits(project.schema, policy, [{ model, field }])
    if (edits.length > 0) fixes.push({ title: `Add ${field} to ${model}`, edits, findings, isPreferred: true })
  }
  const alias = aliasEditsFor(project, model, field)
  if (alias !== null) {
    const title = `Use ${model}.${alias.name} as ${field} (in ${path.basename(project.location.policyPath)})`
    fixes.push({ title, edits: alias.edits, findings, isPreferred: false })
  }
  const ignore = ignoreCommentEdit(project.schema, model, field)
  if (ignore !== null) {
    fixes.push({ title: `Ignore ${field} for ${model}`, edits: [ignore], findings, isPreferred: false })
  }
  return fixes
}

/** Null where the model has no field that may be the audit field under another name. */
function aliasEditsFor(project: Project, model: string, field: AuditField) {
  const { policy, schema } = project
  const { policyPath } = project.location
  const block = findModel(schema, model)?.model
  const text = project.findFile(policyPath)
  if (policy === null || block === undefined || text === null) return null
  const users = userFacts(policy, (name) => findModel(schema, name)?.model ?? null)
  const name = likelyAlias(policy, block, field, users)?.name.text
  if (name === undefined) return null
  return { name, edits: aliasEdits({ file: policyPath, text }, field, name) }
}

/** One fix for all that the schema lacks, where there is more than the fix at hand would write. */
function allFieldsFix(project: Project, here: readonly AuditFinding[]): Fix[] {
  const { policy } = project
  if (policy === null || here.length === 0) return []
  const wanted = missingAuditFields(project.schema, policy)
  if (wanted.length < 2) return []
  const edits = auditFieldEdits(project.schema, policy, wanted)
  const title = 'Add all missing audit fields to the schema'
  return edits.length === 0 ? [] : [{ title, edits, findings: here.map(({ finding }) => finding), isPreferred: false }]
}

/** One after which Prisma would refuse the schema is shown with the reason, and cannot be chosen. */
function editAction({ title, edits, findings, isPreferred }: Fix, [error]: readonly SchemaError[]): CodeAction {
  const action = {
    title: lineOf(title, LIMITS.title),
    kind: CodeActionKind.QuickFix,
    diagnostics: findings.map(toDiagnostic),
  }
  return error === undefined
    ? { ...action, edit: toWorkspaceEdit(edits), isPreferred }
    : { ...action, disabled: { reason: lineOf(`Prisma would reject the schema: ${error.message}`) } }
}

function commandAction(title: string, command: string, findings: readonly Finding[]): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, diagnostics: findings.map(toDiagnostic), command: { title, command } }
}
