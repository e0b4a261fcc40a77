import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Is there a psql on this machine? A server from a package comes without one. */
export function hasPsql(): boolean {
  return spawnSync('psql', ['--version']).status === 0
}

export interface PsqlResult {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** `psql -f` as a person runs it. `environment` may set PGTZ. */
export function runScript(url: string, script: string, environment: Readonly<Record<string, string>> = {}): PsqlResult {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-psql-'))
  const file = path.join(folder, 'script.sql')
  fs.writeFileSync(file, script)
  try {
    const { status, stdout, stderr } = spawnSync('psql', ['-X', '-q', '-d', url, '-f', file], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    })
    return { exitCode: status, output: stdout, errors: stderr }
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}
