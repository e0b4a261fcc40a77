import { setImmediate as immediate } from 'node:timers/promises'
import type { ChecklistState } from './checklist'
import type { TextEdit } from '../schema/edits/text-edit'
import type { DataText } from '../text/data-text'
import type { MarkdownText } from '../text/markdown-text'
import type { SafeText } from '../text/safe-text'
import type { Translate } from '../text/translate'

/**
 * What the commands ask of their front end: an editor, a terminal, a test. The commands decide what
 * happens; an interaction only shows, asks and writes.
 */
export interface Interaction {
  /**
   * Into the language of the user: for questions, progress and the message at the end. What goes to the output and
   * into documents is in English, as in a terminal.
   */
  readonly t: Translate
  /** Aborted when the user cancels; a command then stops at the next safe point. */
  readonly signal: AbortSignal
  /** Whether a person can answer a question that comes up during the work. */
  readonly isAttended: boolean
  /** What is being done now; `percentage` (0 to 100) only where it is known; `detail` changes all the time. */
  progress(message: string, percentage?: number, detail?: string): void
  /** The state of a run of several stages, whenever it changes; omitted if it is not shown. */
  readonly checklist?: (state: ChecklistState) => void
  /** Runs what computes for long and changes nothing, so that the user can cancel it; omitted if no one could. */
  readonly compute?: <Result>(work: () => Result) => Result
  /** Whole lines for the output panel or the terminal. */
  output(shown: SafeText): void
  /** Asks; resolves to the chosen id, or null if the user dismissed the question. */
  confirm(question: Question): Promise<string | null>
  /** Shows a document. */
  preview(document: PreviewDocument): void
  /**
   * Shows a document and lets it be read before anything is asked: false where the user turned away from it. What cannot
   * show a document by itself, such as a terminal, shows it above the question that comes next.
   */
  review(document: PreviewDocument): Promise<boolean>
  /** Writes edits that the user has agreed to, and saves the files, so that tools on the disk see them. */
  applyEdits(edits: readonly TextEdit[], title: string): Promise<void>
  /** Texts of files that are open and not saved, by absolute path: what edits must fit. */
  unsavedTexts(): Promise<ReadonlyMap<string, string>>
  /** Offers edits for review; answers whether they were applied. */
  offerEdits(edits: readonly OfferedEdit[], title: string): Promise<boolean>
}

/** An edit to review; one that does not say otherwise comes ticked. */
export interface OfferedEdit extends TextEdit {
  readonly isTicked?: boolean
}

/** See `Interaction.compute`. What the user has said before is heard first. */
export async function computing<Result>(
  { compute, signal }: Pick<Interaction, 'compute' | 'signal'>,
  work: () => Result,
): Promise<Result> {
  // The first comes before the system is asked for signals, the second after it.
  await immediate()
  await immediate()
  signal.throwIfAborted()
  return compute === undefined ? work() : compute(work)
}

export interface Question {
  /** One line, whatever stands in it: whoever asks makes it and those below safe to show. */
  readonly message: string
  /** The lines below it: a dialog shows the first four, and no more than a line of each. */
  readonly detail: readonly string[]
  /** The buttons; a dialog adds its own way to cancel, unless one of them is that. */
  readonly choices: readonly Choice[]
  /** Are the choices things of one kind, of which one is wanted? Then an editor lists them. */
  readonly isList?: true
  /** The choice that a terminal's `--yes` stands for; null for a question that wants its own explicit option. */
  readonly yes: string | null
  /** Set where an answer lets a command write to a database; see `confirmWrite`. */
  readonly writesTo?: WrittenDatabase
}

export interface WrittenDatabase {
  readonly name: string
  /** Why its name must be typed, too, for which nothing stands that was said beforehand; null where it need not be. */
  readonly typedBecause: TypedBecause | null
}

/** `replaced`: everything in the database is; `rows`: some rows are; `agent`: an agent has asked for the command. */
export type TypedBecause = 'production' | 'replaced' | 'rows' | 'agent'

export interface Choice {
  readonly id: string
  readonly label: string
  /** Is it what closing the dialog means, so that there need be no button to cancel beside it? */
  readonly isCancel?: boolean
}

export interface PreviewDocument {
  /** `Migration: crm`. */
  readonly title: string
  /** What it is of, so that it is shown where an older one of the same is: a command's name and the database. */
  readonly subject: string
  readonly text: MarkdownText
  /** The same for what can fold: its sections are opened by a click. */
  readonly folded: MarkdownText
  /** What has to be known of it, in a few lines, for who does not want to read it all. */
  readonly summary: SafeText
}

/** How a command ended. `message` is one line, which whoever shows it makes safe; everything else stands in the output already. */
export interface CommandOutcome {
  readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
  readonly message: string
  /** What one would want to do next, the likeliest first; a terminal says it in words. */
  readonly next?: readonly NextAction[]
  /** A file that it wrote, for an editor to open. Absolute. */
  readonly opens?: string
  /** What it found, as a document, for who would read it; see `PreviewDocument` for the title and the subject. */
  readonly report?: Pick<PreviewDocument, 'title' | 'subject' | 'folded'> & { readonly json: DataText }
  /** Does the document that it has shown say the same as the message? */
  readonly isShown?: boolean
}

/** `continue` and `retry`: the same command again, of which something was done, or nothing. */
export type NextAction =
  | 'connect'
  | 'continue'
  | 'retry'
  | 'roll-back'
  | 'verify'
  | 'migrate'
  | 'generate'
  | 'actor'
  | 'create-policy'
  | 'coverage'
