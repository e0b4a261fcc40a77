import fs from 'node:fs'
import path from 'node:path'
import type { ActionFinding } from './annotations'
import type { Inputs } from './inputs'
import type { Report } from './pull-request'

/** By this the comment is found again, whoever wrote others. */
const MARK = '<!-- prisma-audit -->'

/** UTF-16 units; GitHub takes 65,536. */
const LONGEST = 60_000

/** The comment and the job's summary, as Markdown. */
export function commentOf({ findings, markdown, notes }: Report): string {
  const ofMigrations = findings.filter(({ file }) => file.endsWith('.sql'))
  const failures = findings.filter(({ code }) => code === 'not-checked')
  const sections = [
    MARK,
    ...(failures.length === 0 ? [] : ['## Prisma Audit', ...failures.map(({ message }) => fence(message))]),
    ...(markdown === null ? [] : [markdown.trim()]),
    ...(ofMigrations.length === 0 ? [] : ['### Migrations', tableOf(ofMigrations)]),
    ...notes.map((note) => `> ${inLine(note)}`),
  ]
  return withinLimit(`${sections.join('\n\n')}\n`)
}

/**
 * The text of an artifact that a pull request's own run has left. A link in it would have us publish a file of this job, such as
 * its environment with the token. Throws where there is one, or where it is no file.
 */
export function readStrangersComment(file: string, { GITHUB_WORKSPACE: workspace }: NodeJS.ProcessEnv): string {
  const folder =
    workspace !== undefined && !path.relative(workspace, file).startsWith('..') ? workspace : path.dirname(file)
  const real = path.join(fs.realpathSync(folder), path.relative(folder, file))
  if (fs.realpathSync(file) !== real || !fs.statSync(file).isFile())
    throw new Error(`comment-file ${file} is a link or no file, so it is not posted.`)
  return withinLimit(fs.readFileSync(file, 'utf8'))
}

function withinLimit(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n\n… The rest is in the job's log.\n`
}

function tableOf(findings: readonly ActionFinding[]): string {
  const rows = findings
    .slice(0, 50)
    .map(
      ({ severity, code, file, range, message }) =>
        `| ${severity} | \`${code}\` | ${inLine(file)}:${range.start.line + 1} | ${inLine(message)} |`,
    )
  const more = findings.length - rows.length
  return [
    '| | Code | Place | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(more === 0 ? [] : [`| | | | … and ${more} more |`]),
  ].join('\n')
}

/** Foreign text, whatever Markdown, HTML or GitHub would make of it: no link, image, mention, reference, or cell of its own. */
function inLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~$&]/g, '\\$&')
    .replace(/@(?=\w)|#(?=\d)/g, '$&\u200b')
    .replace(/\b(https?|www)([:.])/gi, '$1\\$2')
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fenced = '`'.repeat(longest + 1)
  return `${fenced}\n${text}\n${fenced}`
}

/**
 * Writes the comment, over the one that an earlier run wrote. In a `workflow_run` workflow the pull request is asked for by the head
 * commit of the run that was: what an unprivileged run says of itself is not believed. Throws where the API refuses.
 */
export async function postComment(inputs: Inputs, text: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { GITHUB_API_URL = 'https://api.github.com', GITHUB_REPOSITORY = '' } = environment
  const api = apiOf(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}`, inputs.token)
  const number = await pullRequestNumber(api, environment)
  if (number === null) throw new Error('this run belongs to no open pull request.')
  const body = text.startsWith(MARK) ? text : `${MARK}\n\n${text}`
  for (let page = 1; ; page++) {
    const comments = (await api('GET', `/issues/${number}/comments?per_page=100&page=${page}`)) as {
      id: number
      body?: string
      user?: { type?: string }
    }[]
    const own = comments.find((comment) => comment.user?.type === 'Bot' && comment.body?.startsWith(MARK) === true)
    if (own !== undefined) {
      await api('PATCH', `/issues/comments/${own.id}`, { body })
      return
    }
    if (comments.length < 100) break
  }
  await api('POST', `/issues/${number}/comments`, { body })
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

interface Event {
  readonly pull_request?: { readonly number?: number }
  readonly workflow_run?: { readonly head_sha?: string }
}

async function pullRequestNumber(api: Api, { GITHUB_EVENT_PATH: file }: NodeJS.ProcessEnv): Promise<number | null> {
  if (file === undefined || !fs.existsSync(file)) return null
  const event = JSON.parse(fs.readFileSync(file, 'utf8')) as Event
  if (event.pull_request?.number !== undefined) return event.pull_request.number
  const head = event.workflow_run?.head_sha
  if (head === undefined || !/^[0-9a-f]{40}$/.test(head)) return null
  const found = (await api('GET', `/commits/${head}/pulls`)) as {
    number: number
    state?: string
    head?: { sha?: string }
  }[]
  return found.find((each) => each.state === 'open' && each.head?.sha === head)?.number ?? null
}
