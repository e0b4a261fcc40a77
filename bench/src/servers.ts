import { createRequire } from 'node:module'
import path from 'node:path'
import { SERVER_ENVIRONMENT, SERVER_NODE_OPTIONS } from '../../client/src/server-process'
import type { BenchProject } from './bench'
import { Editor } from './editor'

/** Our own language server, with the project's database attached, and the probe in it. */
export function startOurs(project: BenchProject, isProbed = true): Promise<Editor> {
  return Editor.start({
    server: path.join(__BUNDLE_FOLDER__, 'server.js'),
    nodeOptions: SERVER_NODE_OPTIONS,
    environment: SERVER_ENVIRONMENT,
    folder: project.folder,
    initializationOptions: { databaseUrl: project.url },
    isProbed,
  })
}

/** Prisma's language server. It knows nothing of databases. */
export function startPrismas(project: BenchProject, isProbed = true): Promise<Editor> {
  const require = createRequire(path.join(__REPOSITORY__, 'bench', 'package.json'))
  const server = path.join(path.dirname(require.resolve('@prisma/language-server')), 'bin.js')
  return Editor.start({ server, nodeOptions: [], folder: project.folder, isProbed })
}
