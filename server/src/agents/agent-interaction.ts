import type { Interaction, Question } from '../commands/interaction'
import { AuditError } from '../errors'
import type { Project } from '../project/project'
import { inEnglish, type Translate } from '../text/translate'
import { untranslated } from '../text/phrase'

/** An interaction for an agent: collects the output, and asks the person in front of the client every question. */
export interface AgentInteraction extends Interaction {
  /** Whole lines, in order. */
  readonly shown: readonly string[]
  readonly asked: readonly { readonly question: string; readonly answer: string | null }[]
  /** What a command that may change something works on; null for all others, which ask nothing. */
  subject: Subject | null
  readonly sqlRemark: AgentInteractionOptions['sqlRemark']
}

export interface Subject {
  readonly project: Project
  /** The name of the database, which the person types. */
  readonly database: string
}

export interface AgentInteractionOptions {
  readonly signal: AbortSignal
  /** For what the person reads. */
  readonly t: Translate
  /** A sentence for the person: what shows the SQL of a plan, which is too long for a question. */
  readonly sqlRemark: (options: { readonly drift: boolean }) => string
  readonly onProgress: (message: string) => void
  /** Asks a person. Throws if no person can be asked. */
  readonly ask: (question: Question, subject: Subject) => Promise<string | null>
  /** An editor with open files; without one, edits are written to disk. */
  readonly editor?: Pick<Interaction, 'applyEdits' | 'unsavedTexts'>
}

export function agentInteraction(options: AgentInteractionOptions): AgentInteraction {
  const { signal, t, sqlRemark, onProgress, ask, editor } = options
  const shown: string[] = []
  const asked: { question: string; answer: string | null }[] = []
  const interaction: AgentInteraction = {
    shown,
    asked,
    subject: null,
    sqlRemark,
    t,
    tellsIn: inEnglish,
    signal,
    isAttended: true,
    progress: (message) => onProgress(message),
    output: (text) => shown.push(text),
    async confirm(question) {
      const { subject } = interaction
      if (subject === null) throw new Error(`A command that only reads has asked: ${question.message}`)
      const entry: (typeof asked)[number] = {
        question: [question.message, ...question.detail].join('\n'),
        answer: null,
      }
      asked.push(entry)
      entry.answer = await ask(question, subject)
      return entry.answer
    },
    preview: (document) => shown.push(document.summary),
    // A command reviews what changed since the person was asked, but the person only saw the SQL of before.
    review: () => Promise.reject(planChanged()),
    async applyEdits(edits, title) {
      if (editor === undefined) interaction.subject?.project.writeEdits(edits)
      else await editor.applyEdits(edits, title)
    },
    unsavedTexts: async () => (await editor?.unsavedTexts()) ?? new Map(),
    offerEdits: () => Promise.resolve(false),
  }
  return interaction
}

function planChanged(): AuditError {
  return new AuditError('plan-differs', {
    what: untranslated`Nothing was changed: the database changed before the person answered.`,
    why: untranslated`The plan that would run now is not the one that the person confirmed.`,
    nextStep: untranslated`Call plan, show the person its result, and call migrate with the hash in it.`,
  })
}
