import { generateClient } from '../generate/generate-client'
import type { Project } from '../project/project'
import type { CommandOutcome, Interaction } from './interaction'
import { programLine, text } from '../text/safe-text'

/** Runs the project's own `prisma generate` and writes its output to ours. */
export async function generateProject(project: Project, interaction: Interaction): Promise<void> {
  interaction.progress(interaction.t('Generating Prisma Client'))
  const generated = await generateClient({
    schemaPath: project.location.schemaPath,
    root: project.paths.codeRoot,
    environment: project.environment,
    signal: interaction.signal,
    onOutput: (line) => interaction.output(programLine(line)),
  })
  interaction.output(text`Generate: ${generated.command} took ${(generated.milliseconds / 1000).toFixed(1)} s.`)
}

export async function generateCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  await generateProject(project, interaction)
  return { status: 'done', message: interaction.t('Prisma Client was generated.') }
}
