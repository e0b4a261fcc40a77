import path from 'node:path'
import type { TestServer } from '../../support/postgres'
import {
  createSampleWorkspace as createWorkspace,
  type SampleWorkspace as Workspace,
} from '../../support/sample-workspace'

/** A copy of `sample/` with a database of its own, and a folder for the editor's state. */
export interface SampleWorkspace extends Workspace {
  /** For the editor: settings, state, extensions. */
  readonly profile: string
}

/** `environment` is that of the editor's process; the suite inside it reads some. */
export async function createSampleWorkspace(postgres: TestServer): Promise<SampleWorkspace> {
  const workspace = await createWorkspace(postgres, uniqueDatabaseName())
  return {
    ...workspace,
    profile: path.join(path.dirname(workspace.folder), 'profile'),
    environment: { ...workspace.environment, PRISMA_AUDIT_TEST_DATABASE_URL: workspace.database.url },
  }
}

/** Short, since the screenshots show it. */
function uniqueDatabaseName(): string {
  return `crm_${Math.random().toString(36).slice(2, 6)}`
}
