import readline from 'node:readline/promises'
import { nameNotTyped, otherNameConfirmed } from '../commands/errors'
import type {
  Interaction,
  OfferedEdit,
  PreviewDocument,
  Question,
  TypedBecause,
  WrittenDatabase,
} from '../commands/interaction'
import { AuditError } from '../errors'
import type { Project } from '../project/project'
import { joinTexts, lineOf, text, textOf, type SafeText } from '../text/safe-text'
import { renderEditsAsDiff } from './edits-as-diff'
import { interruptible } from './interruptible'
import type { Terminal } from './terminal'
import type { TerminalWriter } from './terminal-writer'
import { inEnglish } from '../text/translate'
import { untranslated } from '../text/phrase'

export interface TerminalOptions {
  readonly project: Project
  readonly terminal: Terminal
  /** `--yes`: selects the default answer of every question that has one. */
  readonly yes: boolean
  /** `--verbose`: prints previews in full, not their summary. */
  readonly verbose: boolean
  /** The command that prints the full preview. */
  readonly planCommand: string
  /** `--confirm-database`: the name of the database that may be written to, as if it were typed. */
  readonly confirmDatabase: string | null
  /** Where `output` goes: stderr for commands whose stdout is data, otherwise stdout. */
  readonly narrate: 'stdout' | 'stderr'
}

/** An interaction for a terminal: data to stdout, progress to stderr, questions only where someone can answer. */
export function terminalInteraction(options: TerminalOptions): Interaction {
  const { terminal, project } = options
  const narration = options.narrate === 'stdout' ? terminal.output : terminal.log
  const progressLine = new ProgressLine(terminal.log)
  const output = (shown: SafeText): void => narration.writeText(shown)
  const preview = (document: PreviewDocument): void => {
    if (options.verbose) output(document.text)
    else output(joinTexts([document.summary, text`  Full plan with SQL: ${options.planCommand}`]))
  }
  return {
    t: inEnglish,
    signal: terminal.signal,
    get isAttended() {
      return terminal.input.isTTY && !options.yes
    },
    compute: (work) =>
      interruptible(work, () => {
        terminal.interrupt()
        terminal.signal.throwIfAborted()
      }),
    output,
    progress: (message, percentage, detail) => progressLine.show(message, percentage, detail),
    preview,
    review: (document) => {
      preview(document)
      return Promise.resolve(true)
    },
    async confirm(question) {
      return await answer(question, options, output)
    },
    applyEdits(edits) {
      project.writeEdits(edits)
      return Promise.resolve()
    },
    unsavedTexts: () => Promise.resolve(new Map()),
    async offerEdits(offered: readonly OfferedEdit[], title: string) {
      const ticked = offered.filter(({ isTicked = true }) => isTicked)
      const all = ticked.length < offered.length ? [{ id: 'all', label: `Apply all ${String(offered.length)}` }] : []
      output(text`${title}:`)
      const readFile = (file: string) => project.readFile(file)
      output(renderEditsAsDiff(ticked, readFile, (file) => project.paths.display(file)))
      const choice = await answer(
        {
          message: ticked.length > 0 ? 'Apply these edits?' : 'Apply the less likely edits?',
          detail: [],
          choices: [
            ...(ticked.length > 0 ? [{ id: 'apply', label: 'Apply' }] : []),
            ...all,
            { id: 'leave', label: 'Leave the files unchanged' },
          ],
          yes: ticked.length > 0 ? 'apply' : 'leave',
        },
        options,
        output,
      )
      if (choice !== 'apply' && choice !== 'all') return false
      project.writeEdits(choice === 'all' ? offered : ticked)
      return true
    },
  }
}

/** A choice and, if required, the typed name of the database. */
async function answer(
  question: Question,
  options: TerminalOptions,
  output: (shown: SafeText) => void,
): Promise<string | null> {
  const { writesTo } = question
  const { confirmDatabase, terminal } = options
  if (writesTo === undefined) return await choose(question, options, output)
  if (confirmDatabase !== null && confirmDatabase !== writesTo.name) {
    throw otherNameConfirmed(confirmDatabase, writesTo.name)
  }
  const isTyped = writesTo.typedBecause === null || confirmDatabase !== null
  // Before a question that no one could answer completely.
  if (!isTyped && !terminal.input.isTTY) throw nameNotTyped(question.message, writesTo)
  const chosen = await choose(question, options, output)
  const isAgreed = chosen !== null && question.choices.find(({ id }) => id === chosen)?.isCancel !== true
  if (!isAgreed || isTyped) return chosen
  return (await typesName(writesTo, terminal)) ? chosen : null
}

async function typesName({ name, typedBecause }: WrittenDatabase, terminal: Terminal): Promise<boolean> {
  const prompt = readline.createInterface({ input: terminal.input, output: terminal.log.raw })
  try {
    for (;;) {
      const why = WHY_TYPED[typedBecause ?? 'production']
      terminal.log.writeText(text`${why} Type its name to continue: ${name}`)
      const typed = (await prompt.question('Name, or Enter to cancel: ', { signal: terminal.signal })).trim()
      if (typed === '' || typed === name) return typed !== ''
    }
  } finally {
    prompt.close()
  }
}

const WHY_TYPED: Readonly<Record<TypedBecause, string>> = {
  production: 'This is a production database.',
  replaced: 'Everything in this database is replaced.',
  rows: 'Rows in this database are replaced.',
  agent: 'An agent requested this.',
}

async function choose(
  question: Question,
  options: TerminalOptions,
  output: (shown: SafeText) => void,
): Promise<string | null> {
  const { terminal } = options
  if (options.yes && question.yes !== null) {
    const chosen = question.choices.find(({ id }) => id === question.yes)?.label ?? question.yes
    output(textOf([...question.detail, `${question.message} ${chosen} (--yes)`]))
    return question.yes
  }
  if (!terminal.input.isTTY) {
    throw new AuditError('needs-an-answer', {
      what: untranslated`This question needs an answer: ${question.message}`,
      why: [...question.detail.map((line) => lineOf(line)), untranslated`No terminal is attached to answer it.`],
      nextStep:
        question.yes === null
          ? untranslated`Choose with an option of the command: ${question.choices.map((choice) => choice.label).join(' / ')}.`
          : untranslated`Run the command in a terminal, or confirm with --yes.`,
    })
  }
  const prompt = readline.createInterface({ input: terminal.input, output: terminal.log.raw })
  try {
    const numbered = question.choices.map((choice, index) => `  ${index + 1}. ${choice.label}`)
    terminal.log.writeText(textOf([question.message, ...question.detail, ...numbered]))
    const typed = (await prompt.question('Number, or Enter to cancel: ', { signal: terminal.signal })).trim()
    return question.choices[Number(typed) - 1]?.id ?? null
  } finally {
    prompt.close()
  }
}

/**
 * One line that is overwritten if the log is a terminal; in a file, one line per step, and one per minute for a longer
 * step.
 */
class ProgressLine {
  private lastMessage = ''
  private lastLineAt = 0

  constructor(private readonly log: TerminalWriter) {}

  show(message: string, percentage: number | undefined, detail = ''): void {
    const share = percentage === undefined ? '' : ` ${Math.floor(percentage)} %`
    const line = detail === '' ? message : `${message}: ${detail}`
    if (this.log.isTerminal) {
      this.log.showProgress(lineOf(`${line}${share}`))
    } else if (message !== this.lastMessage) {
      this.log.writeText(lineOf(message))
      this.lastLineAt = performance.now()
    } else if (detail !== '' && performance.now() - this.lastLineAt >= DETAIL_EVERY) {
      this.log.writeText(lineOf(line))
      this.lastLineAt = performance.now()
    }
    this.lastMessage = message
  }
}

/** Milliseconds. */
const DETAIL_EVERY = 60_000
