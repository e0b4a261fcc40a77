import { setImmediate as immediate } from 'node:timers/promises'
import type { ChecklistState } from './checklist'
import type { TextEdit } from '../schema/edits/text-edit'
import type { DataText } from '../text/data-text'
import type { MarkdownText } from '../text/markdown-text'
import type { SafeText } from '../text/safe-text'
import type { Translate } from '../text/translate'

/**
 * What commands need from their front end: an editor, a terminal or a test. Commands decide what happens; an
 * interaction only shows, asks and writes.
 */
export interface Interaction {
  /**
   * Translates questions, progress and the final message. The output and documents are in English, as in a terminal.
   */
  readonly t: Translate
  /** For the final message, if someone else reads it: an agent, in English. Omitted: `t`. */
  readonly tellsIn?: Translate
  /** Aborted when the user cancels; a command then stops at the next safe point. */
  readonly signal: AbortSignal
  /** Whether a person can answer a question that comes up during the work. */
  readonly isAttended: boolean
  /** What is being done now; `percentage` (0 to 100) only if known; `detail` changes all the time. */
  progress(message: string, percentage?: number, detail?: string): void
  /** Called with the state of a run of several stages whenever it changes; omitted if it is not shown. */
  readonly checklist?: (state: ChecklistState) => void
  /** Runs a long computation that changes nothing, so that the user can cancel it; omitted if no one could. */
  readonly compute?: <Result>(work: () => Result) => Result
  /** Whole lines for the output panel or the terminal. */
  output(shown: SafeText): void
  /** Asks; resolves to the chosen id, or null if the user dismissed the question. */
  confirm(question: Question): Promise<string | null>
  /** Shows a document. */
  preview(document: PreviewDocument): void
  /**
   * Shows a document and lets the user read it before the next question; false if the user closed it. A front end
   * without documents, such as a terminal, shows it above the next question.
   */
  review(document: PreviewDocument): Promise<boolean>
  /** Writes confirmed edits and saves the files, so that programs that read them from disk see the edits. */
  applyEdits(edits: readonly TextEdit[], title: string): Promise<void>
  /** The texts of open, unsaved files by absolute path: edits must fit these. */
  unsavedTexts(): Promise<ReadonlyMap<string, string>>
  /** Offers edits for review; resolves to whether they were applied. */
  offerEdits(edits: readonly OfferedEdit[], title: string): Promise<boolean>
}

/** An edit to review, selected by default. */
export interface OfferedEdit extends TextEdit {
  readonly isTicked?: boolean
}

/** See `Interaction.compute`. Input that has already arrived, such as a cancellation, is handled first. */
export async function computing<Result>(
  { compute, signal }: Pick<Interaction, 'compute' | 'signal'>,
  work: () => Result,
): Promise<Result> {
  // The first turn ends before the system is polled for signals, the second after it.
  await immediate()
  await immediate()
  signal.throwIfAborted()
  return compute === undefined ? work() : compute(work)
}

export interface Question {
  /** One line. The caller makes it and `detail` safe to show. */
  readonly message: string
  /** The lines below the message: a dialog shows the first four, one line each. */
  readonly detail: readonly string[]
  /** The buttons; a dialog adds its own Cancel unless one of them has `isCancel`. */
  readonly choices: readonly Choice[]
  /** Whether the user picks one of several things of a kind: an editor shows a list. */
  readonly isList?: true
  /** The choice that `--yes` selects in a terminal; null for a question that needs its own option. */
  readonly yes: string | null
  /** Set if an answer lets a command write to a database; see `confirmWrite`. */
  readonly writesTo?: WrittenDatabase
}

export interface WrittenDatabase {
  readonly name: string
  /** Why the user must also type its name, which no option replaces; null if that is not required. */
  readonly typedBecause: TypedBecause | null
}

/**
 * `replaced`: everything in the database is replaced; `rows`: rows are changed; `agent`: an agent requested the
 * command.
 */
export type TypedBecause = 'production' | 'replaced' | 'rows' | 'agent'

export interface Choice {
  readonly id: string
  readonly label: string
  /** Whether closing the dialog means the same, so that no Cancel button is needed. */
  readonly isCancel?: boolean
}

export interface PreviewDocument {
  /** `Migration: crm`. */
  readonly title: string
  /** What it is about (the command's name and the database): it replaces an older document of the same subject. */
  readonly subject: string
  readonly text: MarkdownText
  /** The same with collapsible sections, for a viewer that supports them. */
  readonly folded: MarkdownText
  /** The essentials in a few lines. */
  readonly summary: SafeText
}

/**
 * How a command ended. `message` is one line, which the front end makes safe; everything else is already in the output.
 */
export interface CommandOutcome {
  readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
  readonly message: string
  /** Likely next actions, the most likely first; a terminal shows them as text. */
  readonly next?: readonly NextAction[]
  /** A file that it wrote, for an editor to open. Absolute. */
  readonly opens?: string
  /** The results as a document; see `PreviewDocument` for title and subject. */
  readonly report?: Pick<PreviewDocument, 'title' | 'subject' | 'folded'> & { readonly json: DataText }
  /** Whether the shown document says the same as the message. */
  readonly isShown?: boolean
}

/** `continue`: the same command again after it did part of its work; `retry`: after it did nothing. */
export type NextAction =
  | 'connect'
  | 'continue'
  | 'retry'
  | 'roll-back'
  | 'verify'
  | 'migrate'
  | 'back-up'
  | 'generate'
  | 'actor'
  | 'check'
  | 'create-policy'
  | 'problems'
  | 'coverage'
