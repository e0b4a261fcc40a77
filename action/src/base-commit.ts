import path from 'node:path'
import { commitOf, readEvent, type Event } from './event'
import { git } from './git'
import type { Inputs } from './inputs'

/** The commit that the event's changes start from. */
export interface Base {
  readonly commit: string
}

/** Null if the event changes nothing, such as a schedule; a problem if the commit is unavailable. */
export function findBase(
  { folder, workspace }: Pick<Inputs, 'folder' | 'workspace'>,
  environment: NodeJS.ProcessEnv,
): Base | { readonly problem: string } | null {
  const event = readEvent(environment)
  if (!changesSomething(event)) return null
  if (!isBelow(folder, workspace)) return notCompared(outside(folder, workspace))
  if (git(folder, ['--version']) === null) return notCompared('git is not installed')
  if (git(folder, ['rev-parse', '--show-toplevel']) === null)
    return notCompared('this is not a Git repository: use actions/checkout')
  const wanted = wantedBase(folder, event)
  if (wanted === null) return notCompared(NOT_THERE)
  if (!isThere(folder, wanted.commit)) fetch(folder, 1, [wanted.commit])
  if (!isThere(folder, wanted.commit)) return notCompared(NOT_THERE)
  if (wanted.isParent) return { commit: wanted.commit }
  const common = commonAncestor(folder, wanted.commit)
  return common === null ? notCompared(NOT_THERE) : { commit: common }
}

const NOT_THERE = 'the base commit is not in this checkout: use actions/checkout with fetch-depth: 0'

function isBelow(folder: string, workspace: string): boolean {
  const way = path.relative(workspace, folder)
  return way.split(path.sep)[0] !== '..' && !path.isAbsolute(way)
}

/** What git says there is no help: the folder is in no repository, or in one that does not have the commit. */
function outside(folder: string, workspace: string): string {
  return (
    `the input working-directory is "${folder}", outside of "${workspace}", where the repository was checked out: ` +
    "use a folder in the repository, relative to its root, or check the project out there with actions/checkout's path"
  )
}

function notCompared(why: string): { readonly problem: string } {
  return { problem: `Edited and new migrations were not checked, because ${why}.` }
}

interface WantedBase {
  readonly commit: string
  /** Whether HEAD is this commit plus the event's changes. If not, only the common ancestor of both is useful. */
  readonly isParent: boolean
}

/** A tag changes nothing, nor does the push that creates the default branch, which has no previous state. */
function changesSomething({ pull_request, merge_group, before, ref, repository }: Event): boolean {
  if (typeof ref === 'string' && ref.startsWith('refs/tags/')) return false
  if (commitOf(before) === null && ref === `refs/heads/${String(repository?.default_branch)}`) return false
  return pull_request !== undefined || merge_group !== undefined || before !== undefined
}

/** Null if the event does not tell the previous state. */
function wantedBase(folder: string, event: Event): WantedBase | null {
  const ofPullRequest = commitOf(event.pull_request?.base?.sha)
  if (ofPullRequest !== null) {
    // GitHub checks out a pull request as its merge into the current base, which may be newer than the event's.
    const [first, second] = parentsOf(folder)
    const isMerge = first !== undefined && second !== undefined && second === commitOf(event.pull_request?.head?.sha)
    return isMerge ? { commit: first, isParent: true } : { commit: ofPullRequest, isParent: false }
  }
  const replaced = commitOf(event.merge_group?.base_sha) ?? commitOf(event.before)
  if (replaced !== null) return { commit: replaced, isParent: true }
  // A new branch: what it adds to the default one.
  const branch = event.repository?.default_branch
  if (typeof branch !== 'string') return null
  const remote = `refs/remotes/origin/${branch}`
  if (commitNamed(folder, remote) === null) fetch(folder, 1, [`+refs/heads/${branch}:${remote}`])
  const tip = commitNamed(folder, remote)
  return tip === null ? null : { commit: tip, isParent: false }
}

/**
 * The common ancestor of HEAD and the commit. A shallow checkout is deepened as needed, up to a limit; null beyond it.
 */
function commonAncestor(folder: string, commit: string): string | null {
  const known = () => git(folder, ['merge-base', commit, 'HEAD'])?.trim() ?? null
  const head = commitNamed(folder, 'HEAD')
  for (const depth of isShallow(folder) ? DEPTHS : []) {
    const common = known()
    if (common !== null || head === null) return common
    fetch(folder, depth, [head, commit])
  }
  return known()
}

/** Commits of each branch. */
const DEPTHS = [50, 500, 5_000]

/** With a depth, git would truncate the history of a complete checkout. */
function fetch(folder: string, depth: number, wanted: readonly string[]): void {
  const limit = isShallow(folder) ? [`--depth=${depth}`] : []
  git(folder, ['fetch', '--quiet', '--no-tags', ...limit, 'origin', ...wanted])
}

function isShallow(folder: string): boolean {
  return git(folder, ['rev-parse', '--is-shallow-repository'])?.trim() === 'true'
}

/** Read from HEAD itself, because a shallow checkout does not contain its parents. */
function parentsOf(folder: string): string[] {
  const [head = ''] = (git(folder, ['cat-file', 'commit', 'HEAD']) ?? '').split('\n\n')
  return [...head.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, parent = '']) => parent)
}

function commitNamed(folder: string, ref: string): string | null {
  return commitOf(git(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`])?.trim())
}

function isThere(folder: string, commit: string): boolean {
  return git(folder, ['cat-file', '-e', `${commit}^{commit}`]) !== null
}
