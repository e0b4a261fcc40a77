import type { CancellationToken, Connection } from 'vscode-languageserver'
import { ErrorCodes, ResponseError } from './protocol'
import {
  CommandProgress,
  type CommandProgressValue,
  ConfirmRequest,
  OutputNotification,
  PreviewNotification,
  ReviewRequest,
  TypeNameRequest,
  type PreviewParameters,
} from '../../../protocol/src/index'
import { nameNotTyped } from '../commands/errors'
import type { Interaction, PreviewDocument, TypedBecause } from '../commands/interaction'
import { AuditError } from '../errors'
import type { Secrets } from '../database/secrets'
import type { Project } from '../project/project'
import { notificationLine } from '../text/notification-text'
import { lineOf, textOf, visible, type SafeLine, type SafeText } from '../text/safe-text'
import { dialogOf } from './dialog-text'
import { EditedDocuments } from './edited-documents'
import { toReviewableEdit, toVersionedEdit } from './workspace-edit'
import type { Translate } from '../text/translate'
import { phrase } from '../text/phrase'

/** An interaction over the protocol: our client shows and asks. The texts sent to it are safe to show unchanged. */
export function editorInteraction(
  connection: Connection,
  progressToken: string,
  signal: AbortSignal,
  { project, secrets, t }: { readonly project: Project; readonly secrets: Secrets; readonly t: Translate },
): Interaction {
  const lineFor = (foreign: string): SafeLine => notificationLine(secrets.blotOut(lineOf(foreign)))
  const documents = new EditedDocuments(connection, project)
  const output = (shown: SafeText): void => {
    const text = withLineEnd(visible(secrets.blotOut(shown)))
    void connection.sendNotification(OutputNotification, { text, reveal: true })
  }
  const tell = (value: CommandProgressValue) => void connection.sendProgress(CommandProgress, progressToken, value)
  let latest: CommandProgressValue = { message: '' }
  /** Afterwards, the progress shows what it showed before the question. */
  const whileWaiting = async <Answer>(message: string, ask: () => Promise<Answer>): Promise<Answer> => {
    tell({ message: lineFor(message), isQuestion: true })
    const answer = await ask()
    tell(latest)
    return answer
  }
  return {
    t,
    signal,
    isAttended: true,
    progress: (text, percentage, detail = '') => {
      const message = lineFor(detail === '' ? text : `${text}: ${detail}`)
      latest = percentage === undefined ? { message } : { message, percentage }
      tell(latest)
    },
    output,
    async confirm(question) {
      const { isCut, ...dialog } = dialogOf(t, question, lineFor)
      if (isCut) output(textOf([question.message, ...question.detail.map((line) => `  ${line}`)]))
      const chosen = await whileWaiting(t('Waiting for your answer'), () =>
        connection.sendRequest(ConfirmRequest, dialog),
      )
      const isAgreed = chosen !== null && question.choices.find(({ id }) => id === chosen)?.isCancel !== true
      const { name, typedBecause = null } = question.writesTo ?? {}
      if (!isAgreed || name === undefined || typedBecause === null) return chosen
      return (await typesName(connection, { name, typedBecause }, dialog.message)) ? chosen : null
    },
    preview: (document) => void connection.sendNotification(PreviewNotification, previewOf(document, project, secrets)),
    async review(document) {
      const preview = previewOf(document, project, secrets)
      tell({
        message: lineFor(t('Review “{0}”. Nothing runs before you confirm.', document.title)),
        reviews: preview.subject,
      })
      try {
        return await connection.sendRequest(ReviewRequest, preview, tokenOf(signal))
      } catch (error) {
        signal.throwIfAborted()
        // For an editor without our client: shows the message and asks.
        if (!(error instanceof ResponseError) || error.code !== ErrorCodes.MethodNotFound) throw error
        await connection.sendNotification(PreviewNotification, preview)
        return true
      }
    },
    async applyEdits(edits, title) {
      if (await documents.apply(edits, title, (versionOf) => toVersionedEdit(edits, versionOf))) return
      const files = edits.map((edit) => edit.file)
      throw new AuditError('edit-not-applied', {
        what: phrase`The editor did not apply the edit: ${title}.`,
        why: phrase`The files may be read-only or could not be saved: ${[...new Set(files)].join(', ')}.`,
        nextStep: phrase`Make them writable and run the command again; it continues from here.`,
      })
    },
    async unsavedTexts() {
      return new Map([...(await documents.unsaved())].map(([file, { text }]) => [file, text]))
    },
    offerEdits: (edits, title) =>
      whileWaiting(
        documents.haveChanged
          ? t('The code has changed. Review its edits again in Refactor Preview, then choose Apply or Discard.')
          : t('Review the edits in Refactor Preview, then choose Apply or Discard.'),
        () => documents.apply(edits, title, (versionOf) => toReviewableEdit(t, edits, title, versionOf)),
      ),
  }
}

/** An editor without our client has no input box; use a terminal there. */
async function typesName(
  connection: Connection,
  { name, typedBecause: because }: { readonly name: string; readonly typedBecause: TypedBecause },
  message: string,
): Promise<boolean> {
  try {
    return await connection.sendRequest(TypeNameRequest, { name, message, because })
  } catch (error) {
    if (!(error instanceof ResponseError) || error.code !== ErrorCodes.MethodNotFound) throw error
    throw nameNotTyped(message, { name, typedBecause: because })
  }
}

/** A document that is safe to show. Two projects may be on one database, so the schema belongs to the subject. */
export function previewOf(
  { title, subject, folded }: Pick<PreviewDocument, 'title' | 'subject' | 'folded'>,
  project: Project,
  secrets: Secrets,
): PreviewParameters {
  const lineFor = (foreign: string): SafeLine => notificationLine(secrets.blotOut(lineOf(foreign)))
  return {
    title: lineFor(title),
    subject: lineFor(`${subject}, ${project.location.schemaPath}`),
    text: secrets.blotOut(folded),
  }
}

/** Cancels a request to the client when the command is cancelled. */
function tokenOf(signal: AbortSignal): CancellationToken {
  return {
    get isCancellationRequested() {
      return signal.aborted
    },
    onCancellationRequested: (listener) => {
      const tell = () => void listener(undefined)
      signal.addEventListener('abort', tell, { once: true })
      return { dispose: () => signal.removeEventListener('abort', tell) }
    },
  }
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : text + '\n'
}
