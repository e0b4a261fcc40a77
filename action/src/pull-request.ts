import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { ActionFinding } from './annotations'
import { changedMigrations } from './changed-migrations'
import { SEVERITIES, type Inputs, type Severity } from './inputs'

/** All that the action has to say of one commit. */
export interface Report {
  /** Of the schema, of new migrations and of edited ones; files are relative to the repository, as annotations want them. */
  readonly findings: readonly ActionFinding[]
  /** The schema's report as Markdown, with the coverage; null where it could not be made. */
  readonly markdown: string | null
  /** What could not be looked at, and how it could be. */
  readonly notes: readonly string[]
  /** Could something not be done that was asked for? */
  readonly failed: boolean
  readonly files: { readonly sarif: string; readonly junit: string }
}

/** Runs the checks of the command line; `folder` takes what they write. */
export async function checkPullRequest(
  inputs: Inputs,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Report> {
  const files = { sarif: path.join(folder, 'findings.sarif'), junit: path.join(folder, 'findings.xml') }
  const markdownFile = path.join(folder, 'report.md')
  const check = await runCommandLine(inputs, environment, [
    ...['check', '--format', 'json', '--fail-on', 'none'],
    ...['--report', `sarif=${files.sarif}`, '--report', `junit=${files.junit}`, '--report', `markdown=${markdownFile}`],
    ...(inputs.databaseUrl === null ? ['--replay'] : []),
    ...(inputs.baseline === null
      ? []
      : inputs.baseline === 'none'
        ? ['--no-baseline']
        : ['--baseline', inputs.baseline]),
  ])
  const migrations = inputs.lint ? changedMigrations(inputs.folder, environment) : { added: [], edited: [], note: null }
  const lint =
    migrations.added.length === 0
      ? null
      : await runCommandLine(inputs, environment, [
          'lint',
          '--format',
          'json',
          '--fail-on',
          'none',
          ...migrations.added,
        ])
  const failures = [check, ...(lint === null ? [] : [lint])].filter(({ findings }) => findings === null)
  const prefix = path.relative(environment.GITHUB_WORKSPACE ?? inputs.folder, inputs.folder)
  const place = (finding: ActionFinding): ActionFinding => ({ ...finding, file: path.posix.join(prefix, finding.file) })
  return {
    findings: [
      ...failures.map(({ errors }) => failureFinding(errors)),
      ...migrations.edited.map((file) => place(editedFinding(path.relative(inputs.folder, file)))),
      ...[check, lint].flatMap((result) => result?.findings ?? []).map(place),
    ],
    markdown: fs.existsSync(markdownFile) ? fs.readFileSync(markdownFile, 'utf8') : null,
    notes: migrations.note === null ? [] : [migrations.note],
    failed: failures.length > 0,
    files,
  }
}

export function countOf(findings: readonly ActionFinding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length
}

/** Is there a finding at this severity or over it? `none` is over everything. */
export function reaches(findings: readonly ActionFinding[], failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false
  return SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).some((severity) => countOf(findings, severity) > 0)
}

const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** A migration that is in the base branch has been applied somewhere: `prisma migrate` refuses a database whose history differs. */
function editedFinding(file: string): ActionFinding {
  const message =
    'This migration is in the base branch, so it may be applied already. Prisma offers a reset where its text differs: restore it and add a new migration.'
  return { code: 'migration-edited', severity: 'error', message, file, range: START }
}

function failureFinding(errors: string): ActionFinding {
  return { code: 'not-checked', severity: 'error', message: errors, file: '', range: START }
}

interface CommandLineResult {
  /** Null where the command could not do its work. */
  readonly findings: readonly ActionFinding[] | null
  /** What it said of that. */
  readonly errors: string
}

async function runCommandLine(
  inputs: Inputs,
  environment: NodeJS.ProcessEnv,
  words: readonly string[],
): Promise<CommandLineResult> {
  const options = [
    ...['--cwd', inputs.folder],
    ...(inputs.schema === null ? [] : ['--schema', inputs.schema]),
    ...(inputs.policy === null ? [] : ['--policy', inputs.policy]),
  ]
  // Arguments are seen by every process, so the URL goes by the environment; the runner's own secrets go nowhere.
  const own = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/.test(name)),
  )
  const env = inputs.databaseUrl === null ? own : { ...own, PRISMA_AUDIT_DATABASE_URL: inputs.databaseUrl }
  const child = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, '..', 'cli.js'), ...words, ...options], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0 || code === 1) {
    const { findings } = JSON.parse(stdout) as { findings: ActionFinding[] }
    return { findings, errors: '' }
  }
  return { findings: null, errors: stderr.trim() }
}
