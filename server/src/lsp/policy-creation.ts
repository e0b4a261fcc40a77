import type { CodeAction, Diagnostic } from 'vscode-languageserver'
import { CodeActionKind } from './protocol'
import { chosenPolicy, type PolicyChoice } from '../audit-fields/chosen-policy'
import { proposedPolicy } from '../audit-fields/proposed-policy'
import { AuditError } from '../errors'
import type { Project } from '../project/project'
import type { Translate } from '../text/translate'
import { createFile } from '../files/written-paths'
import { uriOfPath } from './uris'
import { phrase } from '../text/phrase'

/**
 * The quick fix that creates `prisma-audit.json` for a project without one. The edit creates the file or fails: it
 * never overwrites one that was created in between.
 */
export function policyCreation(t: Translate, project: Project, diagnostics: Diagnostic[]): CodeAction {
  const uri = uriOfPath(policyToCreate(project))
  const start = { line: 0, character: 0 }
  return {
    title: t('Create prisma-audit.json'),
    kind: CodeActionKind.QuickFix,
    diagnostics,
    isPreferred: true,
    edit: {
      documentChanges: [
        { kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false } },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start, end: start }, newText: proposedPolicy(project.schema) }],
        },
      ],
    },
  }
}

/** Path of the new file. */
export function policyToCreate(project: Project): string {
  return project.location.policyPath
}

/** Writes the chosen or the proposed policy, and returns its path. Throws `policy-exists` if there is one by now. */
export function writePolicy(project: Project, choice: PolicyChoice | null): string {
  const file = policyToCreate(project)
  if (project.policyFile.text !== null) throw policyExists(project.paths.display(file))
  const text = choice === null ? proposedPolicy(project.schema) : chosenPolicy(project.schema, choice)
  try {
    createFile(project.paths.resolveWritable(file), text)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw policyExists(project.paths.display(file))
    throw error
  }
  return file
}

function policyExists(file: string): AuditError {
  return new AuditError('policy-exists', {
    what: phrase`${file} already exists.`,
    why: phrase`A policy is only created where there is none.`,
    nextStep: phrase`Edit that file. It was not changed.`,
  })
}
