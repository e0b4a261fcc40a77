import type { Connection } from 'vscode-languageserver'
import {
  CommandProgress,
  ConfirmRequest,
  OutputNotification,
  PreviewNotification,
  SaveDocumentsRequest,
  UnsavedDocumentsRequest,
} from '../../../protocol/src/index'
import type { Interaction } from '../commands/interaction'
import { AuditError } from '../errors'
import type { Secrets } from '../secrets'
import { notificationLine } from '../text/notification-text'
import { lineOf, visible, type SafeLine } from '../text/safe-text'
import { pathOfUri, uriOfPath } from './uris'
import { toReviewableEdit, toWorkspaceEdit } from './workspace-edit'

/** An interaction over the protocol: our client shows and asks. What it is sent is safe to show as it is. */
export function editorInteraction(
  connection: Connection,
  progressToken: string,
  signal: AbortSignal,
  secrets: Secrets,
): Interaction {
  const lineFor = (foreign: string): SafeLine => notificationLine(secrets.blotOut(lineOf(foreign)))
  const apply = async (edit: ReturnType<typeof toWorkspaceEdit>, label: string, files: string[]): Promise<boolean> => {
    const answer = await connection.workspace.applyEdit({ label, edit })
    if (!answer.applied) return false
    const uris = [...new Set(files)].map(uriOfPath)
    return await connection.sendRequest(SaveDocumentsRequest, { uris })
  }
  return {
    signal,
    isAttended: true,
    progress: (text, percentage, detail = '') => {
      const message = lineFor(detail === '' ? text : `${text}: ${detail}`)
      const value = percentage === undefined ? { message } : { message, percentage }
      void connection.sendProgress(CommandProgress, progressToken, value)
    },
    output: (shown) => {
      const text = withLineEnd(visible(secrets.blotOut(shown)))
      void connection.sendNotification(OutputNotification, { text, reveal: true })
    },
    confirm: ({ message, detail, choices }) =>
      connection.sendRequest(ConfirmRequest, {
        message: lineFor(message),
        detail: detail.map(lineFor).join('\n'),
        choices: choices.map(({ id, label }) => ({ id, label: lineFor(label) })),
      }),
    preview: ({ title, languageId, text }) =>
      void connection.sendNotification(PreviewNotification, { title, languageId, text: secrets.blotOut(text) }),
    async applyEdits(edits, title) {
      const files = edits.map((edit) => edit.file)
      if (await apply(toWorkspaceEdit(edits), title, files)) return
      throw new AuditError('edit-not-applied', {
        what: `The editor did not apply the edit: ${title}.`,
        why: `The files may be read-only or could not be saved: ${[...new Set(files)].join(', ')}.`,
        nextStep: 'Make them writable and run the command again; it goes on from here.',
      })
    },
    async unsavedTexts() {
      const documents = await connection.sendRequest(UnsavedDocumentsRequest)
      return new Map(
        documents.flatMap(({ uri, text }) => (pathOfUri(uri) === null ? [] : [[pathOfUri(uri) ?? '', text]])),
      )
    },
    offerEdits: (edits, title) =>
      apply(
        toReviewableEdit(edits, title),
        title,
        edits.map((edit) => edit.file),
      ),
  }
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : text + '\n'
}
