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
  /** Null where one was not written. */
  readonly files: { readonly sarif: string | null; readonly junit: string | null }
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
    ...['check', '--validate', '--report', `sarif=${files.sarif}`, '--report', `junit=${files.junit}`],
    ...['--report', `markdown=${markdownFile}`],
    ...(inputs.databaseUrl === null ? ['--replay'] : []),
    ...(inputs.baseline === null
      ? []
      : inputs.baseline === 'none'
        ? ['--no-baseline']
        : ['--baseline', inputs.baseline]),
  ])
  const migrations = inputs.lint
    ? changedMigrations(projectFolders(inputs), environment)
    : { added: [], changed: [], note: null }
  const lint =
    migrations.added.length === 0 ? null : await runCommandLine(inputs, environment, ['lint', ...migrations.added])
  return {
    findings: [
      ...migrations.changed.map(({ file, message }) => changedFinding(shownPath(inputs, file), message)),
      ...check.findings,
      ...(lint?.findings ?? []),
    ],
    markdown: fs.existsSync(markdownFile) ? fs.readFileSync(markdownFile, 'utf8') : null,
    notes: migrations.note === null ? [] : [migrations.note],
    failed: check.failed || lint?.failed === true,
    files: { sarif: existing(files.sarif), junit: existing(files.junit) },
  }
}

/** Where the project's migrations are: a schema that is named may lie elsewhere. */
function projectFolders({ folder, schema }: Inputs): string[] {
  if (schema === null) return [folder]
  const file = path.resolve(folder, schema)
  return [folder, file.endsWith('.prisma') ? path.dirname(file) : file]
}

function shownPath({ workspace }: Inputs, file: string): string {
  return path.relative(workspace, file).split(path.sep).join('/')
}

function existing(file: string): string | null {
  return fs.existsSync(file) ? file : null
}

export function countOf(findings: readonly ActionFinding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length
}

/** Is there a finding at this severity or over it? `none` is over everything. */
export function reaches(findings: readonly ActionFinding[], failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false
  return SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).some((severity) => countOf(findings, severity) > 0)
}

function changedFinding(file: string, message: string): ActionFinding {
  return { code: 'migration-edited', severity: 'error', message, file, range: null }
}

interface CommandLineResult {
  readonly findings: readonly ActionFinding[]
  /** Could the command not do its work? Then why stands in the findings. */
  readonly failed: boolean
}

async function runCommandLine(
  inputs: Inputs,
  environment: NodeJS.ProcessEnv,
  words: readonly string[],
): Promise<CommandLineResult> {
  const options = [
    ...['--format', 'json', '--fail-on', 'none', '--cwd', inputs.folder, '--paths-from', inputs.workspace],
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
  const answer = parseAnswer(stdout)
  return {
    findings: answer.findings?.map(withAdvice) ?? [failureFinding(answer.error ?? null, stderr)],
    failed: code !== 0,
  }
}

/** What `check` and `lint` print with `--format json` (docs/json.md). */
interface Answer {
  readonly findings?: readonly (ActionFinding & { readonly advice?: string })[]
  readonly error?: Failure
}

interface Failure extends Pick<ActionFinding, 'file' | 'range'> {
  readonly code: string | null
  readonly what: string
  readonly why: string
  readonly nextStep: string
}

/** Nothing where a process that was killed has printed nothing, or not all of it. */
function parseAnswer(stdout: string): Answer {
  try {
    return JSON.parse(stdout) as Answer
  } catch {
    return {}
  }
}

function withAdvice({ advice = '', ...finding }: ActionFinding & { readonly advice?: string }): ActionFinding {
  return advice === '' ? finding : { ...finding, message: `${finding.message} ${advice}` }
}

function failureFinding(error: Failure | null, stderr: string): ActionFinding {
  const code = error?.code ?? 'not-checked'
  if (error === null) return { code, severity: 'error', message: stderr.trim(), file: null, range: null }
  const { what, why, nextStep, file, range } = error
  const message = [what, why, nextStep].filter((part) => part !== '').join('\n')
  return { code, severity: 'error', message: inWordsOfTheAction(message), file, range }
}

/** A next step names options of the command line. */
function inWordsOfTheAction(message: string): string {
  return message.replace(
    /--(url|cwd|schema|policy|baseline)\b/g,
    (_, option: string) => `the input ${INPUT_OF_OPTION[option] ?? option}`,
  )
}

const INPUT_OF_OPTION: Readonly<Record<string, string>> = { url: 'database-url', cwd: 'working-directory' }
