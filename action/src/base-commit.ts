import { commitOf, readEvent, type Event } from './event'
import { git } from './git'

/** A commit that differs from HEAD in exactly what the event is about, and the repository's top folder. */
export interface Base {
  readonly commit: string
  readonly top: string
}

/** Null where the event changes nothing, such as a schedule; a note where the commit cannot be had. */
export function findBase(folder: string, environment: NodeJS.ProcessEnv): Base | { readonly note: string } | null {
  const wanted = wantedBase(folder, readEvent(environment))
  if (wanted === null) return null
  if (git(folder, ['--version']) === null) return notCompared('git is not installed')
  const top = git(folder, ['rev-parse', '--show-toplevel'])?.trim()
  if (top === undefined) return notCompared('this is not a Git repository: use actions/checkout')
  if (!isThere(folder, wanted.commit))
    git(folder, ['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', wanted.commit])
  if (!isThere(folder, wanted.commit)) return notCompared(NOT_THERE)
  if (wanted.isParent) return { commit: wanted.commit, top }
  const common = git(folder, ['merge-base', wanted.commit, 'HEAD'])?.trim()
  return common === undefined ? notCompared(NOT_THERE) : { commit: common, top }
}

const NOT_THERE = 'the base commit is not in this checkout: use actions/checkout with fetch-depth: 0'

function notCompared(why: string): { readonly note: string } {
  return { note: `Edited and new migrations were not checked, because ${why}.` }
}

interface WantedBase {
  readonly commit: string
  /** Is HEAD this commit and what the event adds to it? Else only where both began to differ is of use. */
  readonly isParent: boolean
}

function wantedBase(folder: string, event: Event): WantedBase | null {
  const ofPullRequest = commitOf(event.pull_request?.base?.sha)
  if (ofPullRequest !== null) {
    // GitHub checks a pull request out as its merge into the base as that is now, which may be newer than the event's.
    const [first, second] = parentsOf(folder)
    const isMerge = first !== undefined && second !== undefined && second === commitOf(event.pull_request?.head?.sha)
    return isMerge ? { commit: first, isParent: true } : { commit: ofPullRequest, isParent: false }
  }
  const replaced = commitOf(event.merge_group?.base_sha) ?? commitOf(event.before)
  if (replaced !== null) return { commit: replaced, isParent: true }
  if (event.before === undefined) return null
  // A new branch: what it adds to the default one.
  const ref = `refs/remotes/origin/${String(event.repository?.default_branch)}`
  const tip = commitOf(git(folder, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])?.trim())
  return tip === null ? null : { commit: tip, isParent: false }
}

/** As HEAD itself says it: in a shallow checkout they are not there. */
function parentsOf(folder: string): string[] {
  const [head = ''] = (git(folder, ['cat-file', 'commit', 'HEAD']) ?? '').split('\n\n')
  return [...head.matchAll(/^parent ([0-9a-f]{40})$/gm)].map(([, parent = '']) => parent)
}

function isThere(folder: string, commit: string): boolean {
  return git(folder, ['cat-file', '-e', `${commit}^{commit}`]) !== null
}
