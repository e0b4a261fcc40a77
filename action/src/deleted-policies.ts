import path from 'node:path'
import type { ActionFinding } from './annotations'
import { git } from './git'
import type { Inputs } from './inputs'

/**
 * The policies of the project that the working tree no longer has since `base`: without one, nothing requires audit fields, and the
 * check passes. One that was only moved is not listed.
 */
export function findDeletedPolicies({ workspace, folder }: Inputs, base: string): ActionFinding[] {
  const top = git(folder, ['rev-parse', '--show-toplevel'])?.trim()
  const named = [':(top,glob)**/prisma-audit.json']
  const deleted = git(folder, ['diff', '--name-only', '--diff-filter=D', '--find-renames', '-z', base, '--', ...named])
  if (top === undefined || deleted === null) return []
  const files = deleted.split('\0').filter((file) => file !== '')
  return files
    .map((file) => path.resolve(top, file))
    .filter((file) => isAbove(path.dirname(file), folder) || isAbove(folder, path.dirname(file)))
    .map((file) => ({
      code: 'policy-deleted',
      severity: 'warning',
      message: 'The audit policy was deleted: nothing requires audit fields any more.',
      file: path.relative(workspace, file).split(path.sep).join('/'),
      range: null,
    }))
}

function isAbove(folder: string, other: string): boolean {
  const [first] = path.relative(folder, other).split(path.sep)
  return first !== '..' && !path.isAbsolute(path.relative(folder, other))
}
