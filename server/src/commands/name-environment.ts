import { standingWords } from '../project/database-standing'
import type { Project } from '../project/project'
import type { Interaction, Question } from './interaction'
import { inEnglish, type Translate } from '../text/translate'
import { labelIn } from '../database/describe-url'

/** Wraps an interaction so that every question shows the environment of the database. */
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

/** After the database's name if the question contains it; otherwise on a separate first line. */
export function withEnvironment<Asked extends Pick<Question, 'message' | 'detail'>>(
  question: Asked,
  target: Project['latestTarget'],
  t: Translate = inEnglish,
): Asked {
  if (target === null) return question
  const { standing } = target
  const label = labelIn(t, target)
  const named = `${label} (${standingWords(standing, t)})`
  if (question.message.includes(label)) return { ...question, message: question.message.replace(label, () => named) }
  return { ...question, detail: [t('Database: {0}.', named), ...question.detail] }
}
