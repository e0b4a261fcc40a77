import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { annotationsOf, escapeData, logOf } from './annotations'
import { commentOf, isAboutPullRequest, postComment, readStrangersComment } from './comment'
import { readInputs, type Inputs } from './inputs'
import { checkPullRequest, countOf, reaches, type Report } from './pull-request'

/**
 * The action: reads its inputs from the environment of GitHub's runner, and answers with the runner's files and
 * commands.
 */
async function main(environment: NodeJS.ProcessEnv): Promise<number> {
  const inputs = readInputs(environment)
  if (inputs.commentFile !== null) {
    const text = readStrangersComment(inputs.commentFile, inputs.workspace)
    if (!(await postComment(inputs, text, environment)))
      say('::notice title=Prisma Audit::Nothing to comment on: the pull request was closed, or has newer commits.')
    return 0
  }
  const folder = fs.mkdtempSync(path.join(environment.RUNNER_TEMP ?? os.tmpdir(), 'prisma-audit-'))
  const report = await checkPullRequest(inputs, folder, environment)
  for (const line of [...annotationsOf(report.findings), ...logOf(report.findings)]) say(line)
  const comment = commentOf(report, inputs.failOn)
  const commentFile = path.join(folder, 'comment.md')
  fs.writeFileSync(commentFile, comment)
  append(environment.GITHUB_STEP_SUMMARY, comment)
  writeOutputs(report, { folder, commentFile }, environment)
  if (inputs.comment && isAboutPullRequest(environment)) await commentIfAllowed(inputs, comment, environment)
  return report.failed || reaches(report.findings, inputs.failOn) ? 1 : 0
}

/**
 * A pull request from a fork has no token with write access: then the text is in the summary and in the output's file.
 */
async function commentIfAllowed(inputs: Inputs, comment: string, environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    await postComment(inputs, comment, environment)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    say(`::notice title=Prisma Audit::${escapeData(`No comment on the pull request: ${why}`)}`)
  }
}

function writeOutputs(
  { findings, files }: Report,
  { commentFile }: { readonly folder: string; readonly commentFile: string },
  environment: NodeJS.ProcessEnv,
): void {
  const outputs = {
    findings: String(findings.length),
    errors: String(countOf(findings, 'error')),
    warnings: String(countOf(findings, 'warning')),
    'sarif-file': files.sarif ?? '',
    'junit-file': files.junit ?? '',
    'comment-file': commentFile,
  }
  append(
    environment.GITHUB_OUTPUT,
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
}

/** The runner provides a file for each kind of answer. Locally there is none. */
function append(file: string | undefined, text: string): void {
  if (file !== undefined && file !== '') fs.appendFileSync(file, text)
}

void main(process.env).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    say(`::error title=Prisma Audit::${escapeData(error instanceof Error ? error.message : String(error))}`)
    process.exitCode = 1
  },
)

/** What the runner reads: workflow commands, one per line. */
function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
