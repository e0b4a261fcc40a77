import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import type { TestServer } from '../../support/postgres'
import { EVIDENCE_VARIABLE } from './results'
import { createSampleWorkspace, type SampleWorkspace } from './workspace'

/**
 * A workspace that nobody should trust: whatever of it is executed, and whoever connects to its database, leaves a file
 * in the evidence folder.
 */
export interface TrappedWorkspace extends SampleWorkspace {
  evidence(): string[]
}

export async function createTrappedWorkspace(postgres: TestServer): Promise<TrappedWorkspace> {
  const workspace = await createSampleWorkspace(postgres)
  const evidenceFolder = path.join(path.dirname(workspace.folder), 'evidence')
  fs.mkdirSync(evidenceFolder)
  const leave = (name: string) => fs.writeFileSync(path.join(evidenceFolder, name), '')
  const leaving = (name: string) => `fs.writeFileSync(${JSON.stringify(path.join(evidenceFolder, name))}, '')`

  const database = net.createServer((socket) => {
    leave('connected')
    socket.destroy()
  })
  const port = await listen(database)
  const backend = path.join(workspace.folder, 'backend')
  fs.writeFileSync(path.join(backend, '.env'), `DATABASE_URL=postgresql://app:secret@127.0.0.1:${port}/app\n`)
  fs.appendFileSync(path.join(backend, 'prisma.config.ts'), `\nimport fs from 'node:fs'\n${leaving('config')}\n`)
  writeProgram(path.join(workspace.folder, 'pg_dump'), leaving('pg_dump'))
  const prisma = path.join(backend, 'node_modules', 'prisma')
  writeProgram(path.join(prisma, 'build', 'index.js'), leaving('prisma'))
  fs.writeFileSync(
    path.join(prisma, 'package.json'),
    JSON.stringify({ name: 'prisma', version: '7.10.0', bin: 'build/index.js', main: 'build/index.js' }),
  )
  fs.mkdirSync(path.join(workspace.folder, '.vscode'))
  fs.writeFileSync(
    path.join(workspace.folder, '.vscode', 'settings.json'),
    JSON.stringify({ 'prismaAudit.pgDumpPath': path.join(workspace.folder, 'pg_dump') }),
  )

  return {
    ...workspace,
    environment: { ...workspace.environment, [EVIDENCE_VARIABLE]: evidenceFolder },
    evidence: () => fs.readdirSync(evidenceFolder),
    remove: async () => {
      database.close()
      await workspace.remove()
    },
  }
}

function listen(server: net.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('The trap has no port.'))
      else resolve(address.port)
    })
  })
}

function writeProgram(file: string, statement: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `#!/usr/bin/env node\nconst fs = require('node:fs')\n${statement}\n`, { mode: 0o755 })
}
