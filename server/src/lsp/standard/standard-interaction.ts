import type { WorkDoneProgressServerReporter } from 'vscode-languageserver'
import { MessageType } from '../protocol'
import type { Interaction, PreviewDocument } from '../../commands/interaction'
import { AuditError } from '../../errors'
import { textOf, type SafeLine } from '../../text/safe-text'
import { dialogOf } from '../dialog-text'
import { writeOpenEdits, type OpenEditSurroundings } from './open-edits'
import { phrase } from '../../text/phrase'

/** An interaction with an editor that has only standard LSP. */
export function standardInteraction(
  surroundings: OpenEditSurroundings & {
    readonly progress: WorkDoneProgressServerReporter
    /** The database's name as typed with the command, which production requires: standard LSP has no input box. */
    readonly typedName: string | null
  },
): Interaction {
  const { editor, files, project, progress, signal, t, typedName } = surroundings
  const lineFor = (foreign: string): SafeLine => editor.lineFor(foreign)
  const preview = ({ title, text }: PreviewDocument) => editor.show({ title, text })
  const confirm: Interaction['confirm'] = async (question) => {
    const { isCut, message, detail, choices } = dialogOf(t, question, lineFor)
    if (isCut) editor.log(textOf([question.message, ...question.detail.map((line) => `  ${line}`)]))
    const labels = choices.map(({ id, label }) => ({ id, label: lineFor(label) }))
    if (!choices.some(({ isCancel }) => isCancel === true)) labels.push({ id: CANCEL, label: lineFor(t('Cancel')) })
    const asked = { message: textOf([message, ...detail.split('\n')].filter((line) => line !== '')), choices: labels }
    const chosen = await untilAborted(editor.ask(MessageType.Warning, asked), signal)
    if (chosen === 'unable') throw cannotAsk()
    const isAgreed =
      chosen !== null && chosen !== CANCEL && !choices.some(({ id, isCancel }) => id === chosen && isCancel)
    const { writesTo } = question
    if (isAgreed && writesTo !== undefined && writesTo.typedBecause !== null && typedName !== writesTo.name)
      throw nameNotGiven(writesTo.name)
    return chosen === CANCEL ? null : chosen
  }
  return {
    t,
    signal,
    isAttended: true,
    progress(message, percentage, detail = '') {
      const shown = lineFor(detail === '' ? message : `${message}: ${detail}`)
      if (percentage === undefined) progress.report(shown)
      else progress.report(Math.round(percentage), shown)
    },
    output: (shown) => {
      editor.log(shown)
    },
    confirm,
    preview: (document) => void preview(document),
    async review(document) {
      await preview(document)
      return true
    },
    async applyEdits(edits, title) {
      if (await writeOpenEdits(edits, title, surroundings)) return
      throw new AuditError('edit-not-applied', {
        what: phrase`The editor did not apply the edit: ${title}.`,
        why: phrase`It may not support edits to other files, or the files are read-only: ${[...new Set(edits.map(({ file }) => file))].join(', ')}.`,
        nextStep: phrase`Run the command again; it continues from here. In a terminal: \`prisma-audit run\`.`,
      })
    },
    unsavedTexts: () => Promise.resolve(files.unsaved()),
    async offerEdits(edits, title) {
      const names = [...new Set(edits.map(({ file }) => file))].map((file) => project.paths.display(file))
      const answer = await confirm({
        message: title,
        detail: names,
        choices: [
          { id: 'apply', label: t('Apply') },
          { id: 'leave', label: t('Do not apply'), isCancel: true },
        ],
        yes: 'apply',
      })
      return answer === 'apply' && (await writeOpenEdits(edits, title, surroundings))
    },
  }
}

const CANCEL = 'cancel'

function nameNotGiven(database: string): AuditError {
  return new AuditError('production-unconfirmed', {
    what: phrase`The name of the production database ${database} was not typed.`,
    why: phrase`Production requires it before anything is written, and standard LSP has no input box.`,
    nextStep: phrase`Run the command with its name as the second argument. Nothing was changed.`,
  })
}

function cannotAsk(): AuditError {
  return new AuditError('editor-cannot-ask', {
    what: phrase`This editor cannot show a question, so nothing was changed.`,
    why: phrase`It does not support \`window/showMessageRequest\` of the language server protocol.`,
    nextStep: phrase`Run the command in a terminal: \`prisma-audit run\`.`,
  })
}

/** An unanswered question does not hold up a command that was cancelled. */
function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const cancelled = () => {
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', cancelled, { once: true })
    answer.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', cancelled)
    })
  })
}
