import fs from 'node:fs'
import path from 'node:path'
import type { ActionFinding } from './annotations'
import { git } from './git'
import type { Inputs } from './inputs'

/**
 * What the working tree requires otherwise than `base`, so that a reviewer sees it: without a policy, nothing requires
 * audit fields, and what a policy or a baseline no longer lets the check list is in no other finding.
 */
export function findChangedRules(inputs: Inputs, base: string): ActionFinding[] {
  return [...deletedPolicies(inputs, base), ...editedPolicies(inputs, base), ...extendedBaselines(inputs, base)]
}

/** One that was only moved is not listed. */
function deletedPolicies(inputs: Inputs, base: string): ActionFinding[] {
  return changedFiles(inputs, base, 'D', POLICY).map(({ shown }) => ({
    ...{ code: 'policy-deleted', severity: 'warning', file: shown, range: null },
    message: 'The audit policy was deleted: nothing requires audit fields any more.',
  }))
}

function editedPolicies(inputs: Inputs, base: string): ActionFinding[] {
  return changedFiles(inputs, base, 'M', POLICY).map(({ shown }) => ({
    ...{ code: 'policy-edited', severity: 'information', file: shown, range: null },
    message: 'The audit policy was edited: review what it requires now.',
  }))
}

function extendedBaselines(inputs: Inputs, base: string): ActionFinding[] {
  return changedFiles(inputs, base, 'AM', BASELINE).flatMap(({ name, file, shown }): ActionFinding[] => {
    const before = new Set(findingsIn(git(inputs.folder, ['show', `${base}:${name}`])))
    const added = findingsIn(fs.readFileSync(file, 'utf8')).filter((finding) => !before.has(finding)).length
    if (added === 0) return []
    const message =
      added === 1
        ? '1 finding was added to the baseline, so no check lists it any more: review it.'
        : `${added.toLocaleString('en')} findings were added to the baseline, so no check lists them any more: review them.`
    return [{ code: 'baseline-extended', severity: 'information', message, file: shown, range: null }]
  })
}

const POLICY = 'prisma-audit.json'
const BASELINE = 'prisma-audit.baseline.json'

/** Each as text, to be compared; none of what is no baseline, which the check itself reports. */
function findingsIn(text: string | null): string[] {
  try {
    const { findings } = JSON.parse(text ?? '{}') as { findings?: unknown }
    return Array.isArray(findings) ? findings.map((finding) => JSON.stringify(finding)) : []
  } catch {
    return []
  }
}

interface ChangedFile {
  /** For Git: from the top of the repository. */
  readonly name: string
  readonly file: string
  /** Relative to the workspace, with slashes. */
  readonly shown: string
}

/** The regular files of this name that concern the project: above its folder, or below it. */
function changedFiles({ workspace, folder }: Inputs, base: string, filter: string, called: string): ChangedFile[] {
  const top = git(folder, ['rev-parse', '--show-toplevel'])?.trim()
  const named = ['--', `:(top,glob)**/${called}`]
  const words = ['diff', '--name-only', `--diff-filter=${filter}`, '--find-renames', '-z', base, ...named]
  const listed = git(folder, words)
  if (top === undefined || listed === null) return []
  return listed
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => ({ name, file: path.resolve(top, name) }))
    .filter(({ file }) => isAbove(path.dirname(file), folder) || isAbove(folder, path.dirname(file)))
    .filter(({ file }) => filter === 'D' || fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true)
    .map(({ name, file }) => ({ name, file, shown: path.relative(workspace, file).split(path.sep).join('/') }))
}

function isAbove(folder: string, other: string): boolean {
  const [first] = path.relative(folder, other).split(path.sep)
  return first !== '..' && !path.isAbsolute(path.relative(folder, other))
}
