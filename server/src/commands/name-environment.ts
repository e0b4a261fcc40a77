import { standingWords } from '../project/database-standing'
import type { Project } from '../project/project'
import type { Interaction, Question } from './interaction'
import { inEnglish, type Translate } from '../text/translate'

/** The same interaction, whose every question says what kind of database the command works on. */
export function namingEnvironment(interaction: Interaction, project: Project): Interaction {
  return {
    ...interaction,
    get isAttended() {
      return interaction.isAttended
    },
    confirm: async (question) =>
      await interaction.confirm(withEnvironment(question, project.latestTarget, interaction.t)),
  }
}

/** Behind the database's name where the question has it; else as a line of its own, which comes first. */
export function withEnvironment(
  question: Question,
  target: Project['latestTarget'],
  t: Translate = inEnglish,
): Question {
  if (target === null) return question
  const { label, standing } = target
  const named = `${label} (${standingWords(standing, t)})`
  if (question.message.includes(label)) return { ...question, message: question.message.replace(label, () => named) }
  return { ...question, detail: [t('Database: {0}.', named), ...question.detail] }
}
