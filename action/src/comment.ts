import fs from 'node:fs'
import path from 'node:path'
import type { ActionFinding } from './annotations'
import { commitOf, readEvent } from './event'
import { SEVERITIES, type Inputs, type Severity } from './inputs'
import { countOf, reaches, type Report } from './pull-request'
import { visible } from './visible-text'

/** Identifies our comment among those of others. */
const MARK = '<!-- prisma-audit -->'

/** UTF-16 units; GitHub allows 65,536. */
const LONGEST = 60_000

/** The comment and the job's summary, as Markdown. */
export function commentOf(report: Report, failOn: Severity | 'none'): string {
  const { unlisted, markdown } = report
  const worstFirst = SEVERITIES.flatMap((severity) => unlisted.filter((finding) => finding.severity === severity))
  const ofFiles = worstFirst.filter(({ file, severity }) => file !== null && severity !== 'hint')
  const ofMigrations = ofFiles.filter(({ file }) => file?.endsWith('.sql') === true)
  const ofOtherFiles = ofFiles.filter((finding) => !ofMigrations.includes(finding))
  const sections = [
    MARK,
    '## Prisma Audit',
    verdict(report, failOn),
    ...worstFirst.flatMap(({ file, message }) => (file === null ? [fence(message)] : [])),
    ...(ofOtherFiles.length === 0 ? [] : [tableOf(ofOtherFiles)]),
    ...(ofMigrations.length === 0 ? [] : ['### Migrations', tableOf(ofMigrations)]),
    // The report of the schema is a document of its own.
    ...(markdown === null
      ? []
      : [
          markdown
            .trim()
            .replace(/^## Prisma Audit/, '### Schema')
            .replace(/^## /gm, '### '),
        ]),
  ]
  return withinLimit(`${sections.join('\n\n')}\n`)
}

/**
 * Reads the text of an artifact that the run of a pull request uploaded. A link in it would make us publish a file of
 * this job, such as its environment with the token. Throws if it is a link, or not a file.
 *
 * @param workspace with its own links resolved, as in `file`
 */
export function readStrangersComment(file: string, workspace: string): string {
  const folder = isBelow(workspace, file) ? workspace : path.dirname(file)
  const real = path.join(fs.realpathSync(folder), path.relative(folder, file))
  if (fs.realpathSync(file) !== real || !fs.statSync(file).isFile())
    throw new Error(`comment-file ${file} is not a regular file, so it is not posted.`)
  const text = withoutEffects(readStart(file).replace(MARK, '').trim())
  return `${MARK}\n\n${withinLimit(text)}\n\n${FROM_A_STRANGER}\n`
}

/** On Windows, there is no relative path between drives. */
function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)
}

const FROM_A_STRANGER = 'This text is from a run of the pull request, whose code can change it.'

/** As much as can be posted: an artifact may be of any size. */
function readStart(file: string): string {
  const bytes = Buffer.alloc(LONGEST * 4)
  const opened = fs.openSync(file, 'r')
  try {
    return bytes.toString('utf8', 0, fs.readSync(opened, bytes))
  } finally {
    fs.closeSync(opened)
  }
}

/**
 * Foreign Markdown without links, images, mentions, references, HTML, hidden comments and diagrams, none of which a
 * comment of ours has: an invisible character separates what would start one, also where it is written as an entity.
 */
export function withoutEffects(markdown: string): string {
  return markdown
    .replace(/^((?:[ \t>]|[-*+] |\d+[.)] )*)(?:(`{3,})[^`\r\n]*|(~{3,})[^\r\n]*)$/gm, '$1$2$3')
    .replace(
      /&(?=#|\w)|<(?=[!?/\w])|!(?=\[)|\](?=[[(:])|@(?=\w)|#(?=\d)|\b(?:https?|ftp|mailto|www|xmpp|GH)(?=[:.-])/gi,
      '$&\u200b',
    )
}

/** Whole lines, so that no row of a table or character is cut in two. */
function withinLimit(text: string): string {
  if (text.length <= LONGEST) return text
  const end = text.lastIndexOf('\n', LONGEST)
  return `${text.slice(0, end > 0 ? end : LONGEST)}\n\n… The rest is in the job's log.\n`
}

function verdict({ findings, failed }: Report, failOn: Severity | 'none'): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = countOf(findings, severity)
    const plural = count === 1 || severity === 'information' ? '' : 's'
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${severity}${plural}`]
  })
  const found = counts.length === 0 ? 'No findings' : counts.join(', ')
  if (failed) return `❌ **${found}** (not everything could be checked)`
  return reaches(findings, failOn) ? `❌ **${found}** (fails at ${failOn} or higher)` : `✅ **${found}**`
}

function tableOf(findings: readonly ActionFinding[]): string {
  const rows = findings
    .slice(0, 50)
    .map(
      ({ severity, code, file, range, message }) =>
        `| ${severity} | \`${code}\` | ${inLine(`${file}:${(range?.start.line ?? 0) + 1}`)} | ${inLine(message)} |`,
    )
  const more = findings.length - rows.length
  return [
    '| | Code | Place | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(more === 0 ? [] : [`| | | | … and ${more.toLocaleString('en')} more in the job's log |`]),
  ].join('\n')
}

/** Escapes foreign text for Markdown, HTML and GitHub: no link, image, mention, reference or table cell of its own. */
function inLine(text: string): string {
  return visible(text.replace(/\s+/g, ' '))
    .replace(/[\\`*_{}[\]<>#|~$&]/g, '\\$&')
    .replace(/@(?=\w)|#(?=\d)/g, '$&\u200b')
    .replace(/\b(https?|www)([:.])/gi, '$1\\$2')
}

function fence(text: string): string {
  const shown = visible(text)
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fenced = '`'.repeat(longest + 1)
  return `${fenced}\n${shown}\n${fenced}`
}

/**
 * Writes the comment, replacing that of an earlier run. In a `workflow_run` workflow the pull request is found by the
 * branch and head commit of the earlier run, because what an unprivileged run says about itself is not trusted. False
 * if there is no open pull request with this commit as its head. Throws if the API rejects a request.
 */
export async function postComment(inputs: Inputs, text: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { GITHUB_API_URL = 'https://api.github.com', GITHUB_REPOSITORY = '' } = environment
  const api = apiOf(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`, inputs.token)
  const number = await pullRequestNumber(api, environment)
  if (number === null) return false
  for (let page = 1; ; page++) {
    const comments = (await api('GET', `/issues/${number}/comments?per_page=100&page=${page}`)) as {
      id: number
      body?: string
      user?: { type?: string }
    }[]
    const own = comments.find((comment) => comment.user?.type === 'Bot' && comment.body?.startsWith(MARK) === true)
    if (own !== undefined) {
      await api('PATCH', `/issues/comments/${own.id}`, { body: text })
      return true
    }
    if (comments.length < 100) break
  }
  await api('POST', `/issues/${number}/comments`, { body: text })
  return true
}

type Api = (method: string, path: string, body?: unknown) => Promise<unknown>

function apiOf(base: string, token: string | null): Api {
  if (token === null) throw new Error('there is no token.')
  return async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok)
      throw new Error(`GitHub answered ${response.status} to ${method} ${path}; the job needs pull-requests: write.`)
    return await response.json()
  }
}

/** Events without a pull request get no comment and no warning. */
export function isAboutPullRequest(environment: NodeJS.ProcessEnv): boolean {
  return readEvent(environment).pull_request !== undefined
}

async function pullRequestNumber(api: Api, environment: NodeJS.ProcessEnv): Promise<number | null> {
  const event = readEvent(environment)
  if (event.pull_request?.number !== undefined) return event.pull_request.number
  const { head_sha: sha, head_branch: branch, head_repository: repository } = event.workflow_run ?? {}
  const [head, owner] = [commitOf(sha), repository?.owner?.login]
  if (head === null || typeof owner !== 'string' || typeof branch !== 'string') return null
  // By the branch: GitHub knows the commits of a fork only there, and lists no pull requests for them here.
  const query = `state=open&per_page=100&head=${encodeURIComponent(`${owner}:${branch}`)}`
  const found = (await api('GET', `/pulls?${query}`)) as { number: number; head?: { sha?: string } }[]
  return found.find((each) => each.head?.sha === head)?.number ?? null
}
