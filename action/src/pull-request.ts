import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { ActionFinding } from './annotations'
import { findBase } from './base-commit'
import { findChangedRules } from './changed-rules'
import { SEVERITIES, type Inputs, type Severity } from './inputs'
import { mergeReports, type ReportFiles } from './merge-reports'
import { isSame, saidOnce } from './said-once'

/** Everything that the action reports about one commit. */
export interface Report {
  /** Of the schema, of new migrations and of edited ones; files are relative to the repository, as in annotations. */
  readonly findings: readonly ActionFinding[]
  /** The schema's report as Markdown, with the coverage; null if it could not be created. */
  readonly markdown: string | null
  /** The findings that `markdown` does not list. */
  readonly unlisted: readonly ActionFinding[]
  /** Whether a requested check could not be done. */
  readonly failed: boolean
  /** With all findings; null if one was not written. */
  readonly files: ReportFiles<string | null>
}

/** Runs the checks of the command line, which write into `folder`. */
export async function checkPullRequest(
  inputs: Inputs,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Report> {
  const filesOf = (command: string): ReportFiles => ({
    sarif: path.join(folder, `${command}.sarif`),
    junit: path.join(folder, `${command}.xml`),
  })
  const markdownFile = path.join(folder, 'report.md')
  const check = await runCommandLine(inputs, environment, [
    ...['check', '--validate', ...reportOptions(filesOf('check')), '--report', `markdown=${markdownFile}`],
    ...(inputs.databaseUrl === null ? ['--replay'] : []),
    ...(inputs.baseline === null
      ? []
      : inputs.baseline === 'none'
        ? ['--no-baseline']
        : ['--baseline', inputs.baseline]),
  ])
  // If all migrations are deleted, there is nothing to compare with, and that must not pass.
  const isNothingCompared = check.findings.some(({ code }) => code === 'database-not-compared')
  const migrations = await checkMigrations(inputs, environment, filesOf('lint'), isNothingCompared)
  const parts = [...(migrations === null ? [] : [migrations]), check]
  const failed = parts.some((part) => part.failed)
  const markdown = fs.existsSync(markdownFile) ? fs.readFileSync(markdownFile, 'utf8') : null
  const unlisted = markdown === null ? parts : parts.filter((part) => part !== check)
  const isListed = (finding: ActionFinding) => markdown !== null && check.findings.some((each) => isSame(each, finding))
  return {
    findings: saidOnce(parts.flatMap(({ findings }) => findings)),
    markdown,
    unlisted: saidOnce(unlisted.flatMap(({ findings }) => findings)).filter((finding) => !isListed(finding)),
    failed,
    // In half a document, missing findings would look fixed.
    files: failed
      ? { sarif: null, junit: null }
      : mergeReports([filesOf('check'), filesOf('lint')], filesOf('findings')),
  }
}

/**
 * New migrations and edited ones, and changes of the policy and the baseline; null if not requested, or if the event
 * changes nothing.
 *
 * @param isNothingCompared also look for deleted migrations if this was not requested, as far as the checkout allows
 */
async function checkMigrations(
  inputs: Inputs,
  environment: NodeJS.ProcessEnv,
  files: ReportFiles,
  isNothingCompared: boolean,
): Promise<CommandLineResult | null> {
  const base = inputs.lint || isNothingCompared ? findBase(inputs, environment) : null
  if (base === null || (!inputs.lint && 'problem' in base)) return null
  if ('commit' in base) {
    const words = ['lint', '--base', base.commit, ...reportOptions(files)]
    const { findings, failed } = await runCommandLine(inputs, environment, words)
    return { findings: [...findings, ...findChangedRules(inputs, base.commit)], failed }
  }
  const finding = { code: 'base-commit-missing', message: base.problem, file: null, range: null }
  return { findings: [{ ...finding, severity: 'error' }], failed: true }
}

function reportOptions({ sarif, junit }: ReportFiles): string[] {
  return ['--report', `sarif=${sarif}`, '--report', `junit=${junit}`]
}

export function countOf(findings: readonly ActionFinding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length
}

/** Whether there is a finding at or above this severity. `none` is above everything. */
export function reaches(findings: readonly ActionFinding[], failOn: Severity | 'none'): boolean {
  if (failOn === 'none') return false
  return SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).some((severity) => countOf(findings, severity) > 0)
}

interface CommandLineResult {
  readonly findings: readonly ActionFinding[]
  /** Whether the command failed to run. The findings then say why. */
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
  // Arguments are visible to every process, so the URL is passed in the environment; the runner's own secrets are not
  // passed on.
  const own = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(INPUT_|ACTIONS_|GITHUB_TOKEN$)/.test(name)),
  )
  // In a container, the runner checks out as a different user than the action's.
  const trusting = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' }
  const env = inputs.databaseUrl === null ? own : { ...own, PRISMA_AUDIT_DATABASE_URL: inputs.databaseUrl }
  const child = spawn(process.execPath, [path.join(__BUNDLE_FOLDER__, '..', 'cli.js'), ...words, ...options], {
    env: { ...env, ...trusting },
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

/** The output of `check` and `lint` with `--format json` (docs/json.md). */
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

/** Empty if a killed process has printed nothing, or only a part. */
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
  // A message of the server has no full stop, and a table shows all of them in one line.
  const sentences = [what, why, nextStep].filter((part) => part !== '').map((part) => part.replace(/[^.!?:]$/, '$&.'))
  const message = sentences.join('\n')
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
