import path from 'node:path'
import { findGitExposure, ignoreFolder } from '../backup/ignored-by-git'
import type { Project } from '../project/project'
import { text } from '../text/safe-text'
import type { Interaction } from './interaction'
import { counted } from '../text/amounts'

/**
 * A backup contains data that must not be committed: offers, once per session, to have Git ignore its folder. Never
 * changes anything without asking.
 */
export async function offerGitignore(project: Project, interaction: Interaction, backup: string): Promise<void> {
  if (project.hasOfferedGitignore) return
  const exposure = await findGitExposure(backup, project.environment)
  if (exposure === null) return
  project.hasOfferedGitignore = true
  const { t, isAttended } = interaction
  const folder = path.dirname(backup)
  const shown = project.paths.display(folder)
  if (exposure.tracked > 0) {
    interaction.output(
      text`Git tracks ${counted(exposure.tracked, 'file')} in ${shown}. To remove them from the repository and keep them: git rm -r --cached ${shown}`,
    )
  }
  if (!exposure.isUnignored) return
  const byHand = text`${shown} is not ignored by Git: add a .gitignore with the line * to it, or an entry to that of the repository.`
  if (!isAttended) {
    interaction.output(byHand)
    return
  }
  const answer = await interaction.confirm({
    message: t('Have Git ignore the backups in {0}?', shown),
    detail: [t('They contain the data of the database. This adds a .gitignore to the folder.')],
    choices: [
      { id: 'ignore', label: t('Add .gitignore') },
      { id: 'leave', label: t('Not Now'), isCancel: true },
    ],
    yes: null,
  })
  if (answer === 'ignore' && !ignoreFolder(folder)) interaction.output(byHand)
}
