import fs from 'node:fs'
import path from 'node:path'

export type Severity = 'error' | 'warning' | 'information' | 'hint'

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint']

/** The workflow's inputs, see action.yml. Paths are absolute. */
export interface Inputs {
  /** The repository: paths are shown relative to it. */
  readonly workspace: string
  readonly folder: string
  readonly schema: string | null
  readonly policy: string | null
  readonly databaseUrl: string | null
  /** `none`: list everything. */
  readonly baseline: string | null
  readonly lint: boolean
  readonly failOn: Severity | 'none'
  readonly comment: boolean
  readonly token: string | null
  readonly commentFile: string | null
}

/** Throws for a word that an input does not accept: a misspelled one must not count as the default. */
export function readInputs(environment: NodeJS.ProcessEnv): Inputs {
  const input = (name: string) => {
    const value = environment[`INPUT_${name.toUpperCase()}`]?.trim() ?? ''
    return value === '' ? null : value
  }
  const workspace = realFolder('GITHUB_WORKSPACE', environment.GITHUB_WORKSPACE ?? process.cwd())
  const below = (value: string | null) => (value === null ? null : path.resolve(workspace, value))
  return {
    workspace,
    folder: realFolder('working-directory', path.resolve(workspace, input('working-directory') ?? '.')),
    schema: input('schema'),
    policy: input('policy'),
    databaseUrl: input('database-url'),
    baseline: input('baseline'),
    lint: yesOrNo('lint', input('lint') ?? 'true'),
    failOn: oneOf('fail-on', input('fail-on') ?? 'warning', [...SEVERITIES, 'none']),
    comment: yesOrNo('comment', input('comment') ?? 'true'),
    token: input('token'),
    commentFile: below(input('comment-file')),
  }
}

/** As git reports it, with links resolved. */
function realFolder(name: string, folder: string): string {
  if (!fs.existsSync(folder)) throw new Error(`${name} is "${folder}", which does not exist.`)
  return fs.realpathSync.native(folder)
}

function yesOrNo(name: string, value: string): boolean {
  return oneOf(name, value.toLowerCase(), ['true', 'false']) === 'true'
}

function oneOf<Word extends string>(name: string, value: string, words: readonly Word[]): Word {
  const word = words.find((each) => each === value)
  if (word === undefined) throw new Error(`The input ${name} is "${value}". Use one of: ${words.join(', ')}.`)
  return word
}
