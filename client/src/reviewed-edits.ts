import * as vscode from 'vscode'
import { CancellationToken, type Middleware } from 'vscode-languageclient/node'
import { UNTICKED_ANNOTATION } from '../../protocol/src/index'

type ApplyEdit = NonNullable<NonNullable<Middleware['workspace']>['handleApplyEdit']>
type Edit = Parameters<ApplyEdit>[0]['edit']

/**
 * VS Code opens its refactor preview for edits that need confirmation, but with none selected, so that Apply would do
 * nothing. Here every edit is selected, except those that the server calls less likely. To open the preview without
 * confirmation, the edit also creates a file that already exists, which VS Code neither shows nor does.
 */
export const showReviewedEditsTicked: ApplyEdit = (params, next) =>
  next({ ...params, edit: ticked(params.edit) }, CancellationToken.None)

function ticked(edit: Edit): Edit {
  const annotations = Object.entries(edit.changeAnnotations ?? {})
  const [first] = edit.documentChanges ?? []
  if (first === undefined || !('textDocument' in first)) return edit
  if (!annotations.some(([, annotation]) => annotation.needsConfirmation === true)) return edit
  const confirmed = annotations.map(
    ([id, annotation]) => [id, { ...annotation, needsConfirmation: id === UNTICKED_ANNOTATION }] as const,
  )
  return {
    ...edit,
    changeAnnotations: {
      ...Object.fromEntries(confirmed),
      [REVIEW]: { label: vscode.l10n.t('Review'), needsConfirmation: true },
    },
    documentChanges: [
      { kind: 'create', uri: first.textDocument.uri, options: { ignoreIfExists: true }, annotationId: REVIEW },
      ...(edit.documentChanges ?? []),
    ],
  }
}

/** The annotation's id. */
const REVIEW = 'review'
