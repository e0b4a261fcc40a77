import { standingWords } from '../project/database-standing'
import type { Project } from '../project/project'
import type { Interaction, Question } from './interaction'

/** The same interaction, whose every question says what kind of database the command works on. */
export function namingEnvironment(interaction: Interaction, project: Project): Interaction {
  return {
    ...interaction,
    get isAttended() {
      return interaction.isAttended
    },
    confirm: async (question) => await interaction.confirm(withEnvironment(question, project.latestTarget)),
  }
}

/** Behind the database's name where the question has it; else as a line of its own, which comes first. */
export function withEnvironment(question: Question, target: Project['latestTarget']): Question {
  if (target === null) return question
  const { label, standing } = target
  const named = `${label} (${standingWords(standing)})`
  if (question.message.includes(label)) return { ...question, message: question.message.replace(label, () => named) }
  return { ...question, detail: [`Database: ${named}.`, ...question.detail] }
}
