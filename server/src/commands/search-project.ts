import { searchApplication, type ApplicationCode } from '../actor/search-application'
import type { Project } from '../project/project'
import type { Interaction } from './interaction'

/** What the code around a project shows about Prisma Client, without that of the workspace's other projects. */
export async function searchProject(
  { paths, location }: Pick<Project, 'paths' | 'location'>,
  { signal }: Pick<Interaction, 'signal'>,
): Promise<ApplicationCode> {
  return await searchApplication(paths.applicationRoot, { schemaPath: location.schemaPath, signal })
}
