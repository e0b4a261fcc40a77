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
export const showReviewedEditsTicked: ApplyEdit = async (params, next) => {
  const annotations = Object.values(params.edit.changeAnnotations ?? {})
  const isReviewed = annotations.some((annotation) => annotation.needsConfirmation === true)
  if (!isReviewed) return await next(params, CancellationToken.None)
  const unchanged = requireUnchangedText(params.edit)
  try {
    return await next({ ...params, edit: ticked(params.edit) }, CancellationToken.None)
  } finally {
    unchanged.dispose()
  }
}

/**
 * At Apply, VS Code compares the versions of open documents. It closes a document that no tab shows after a few
 * minutes, and opens it with its first version again, whatever text it has by then: so a closed one is opened at once,
 * and another text discards the review, as another version does. The server then offers edits of that text.
 */
function requireUnchangedText(edit: Edit): vscode.Disposable {
  const files = new Set(
    (edit.documentChanges ?? []).flatMap((change) =>
      'textDocument' in change ? [vscode.Uri.parse(change.textDocument.uri).toString()] : [],
    ),
  )
  const texts = new Map(
    vscode.workspace.textDocuments
      .filter(({ uri }) => files.has(uri.toString()))
      .map((document) => [document.uri.toString(), document.getText()]),
  )
  return vscode.workspace.onDidCloseTextDocument(async ({ uri }) => {
    const text = texts.get(uri.toString())
    if (text === undefined) return
    const again = await vscode.workspace.openTextDocument(uri).then(
      (document) => document.getText(),
      () => null,
    )
    if (again !== text) await vscode.commands.executeCommand('refactorPreview.discard')
  })
}

function ticked(edit: Edit): Edit {
  const annotations = Object.entries(edit.changeAnnotations ?? {})
  const [first] = edit.documentChanges ?? []
  if (first === undefined || !('textDocument' in first)) return edit
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
