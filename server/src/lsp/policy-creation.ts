import path from 'node:path'
import { CodeActionKind, type CodeAction, type Diagnostic } from 'vscode-languageserver'
import { proposedPolicy } from '../audit-fields/proposed-policy'
import type { Project } from '../project/project'
import { uriOfPath } from './uris'
import type { Translate } from '../text/translate'

/** The quick fix that creates `prisma-audit.json` for a project that has none. */
export function policyCreation(t: Translate, project: Project, diagnostics: Diagnostic[]): CodeAction {
  const uri = uriOfPath(policyToCreate(project))
  const start = { line: 0, character: 0 }
  return {
    title: t('Create prisma-audit.json, the policy of audit fields'),
    kind: CodeActionKind.QuickFix,
    diagnostics,
    isPreferred: true,
    edit: {
      documentChanges: [
        { kind: 'create', uri, options: { ignoreIfExists: true } },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start, end: start }, newText: proposedPolicy(project.schema) }],
        },
      ],
    },
  }
}

/** Where it would be. */
export function policyToCreate(project: Project): string {
  return path.join(project.root, 'prisma-audit.json')
}
