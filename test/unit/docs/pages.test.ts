import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { PassThrough } from 'node:stream'
import { Secrets } from '../../../server/src/database/secrets'
import { runCommandLine } from '../../../server/src/terminal/program'
import { TerminalWriter } from '../../../server/src/terminal/terminal-writer'

/** The pages of the repository, as GitHub and the site show them. */
const PAGES = ['.', 'client', 'client/walkthrough', 'docs', 'migrations', 'sample', 'site'].flatMap((folder) =>
  fs
    .readdirSync(path.join(__REPOSITORY__, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name)),
)

describe('the pages of the documentation', () => {
  it('link to files and headings that exist', () => {
    let links = 0
    const broken = PAGES.flatMap((page) =>
      linksOf(page).flatMap((link) => {
        links++
        const [file = '', anchor] = link.split('#')
        const target = file === '' ? page : path.join(path.dirname(page), decodeURI(file))
        if (!fs.existsSync(path.join(__REPOSITORY__, target))) return [`${page}: ${link}`]
        if (anchor === undefined || anchorsOf(target).has(anchor)) return []
        return [`${page}: ${link} (no such heading)`]
      }),
    )
    assert.ok(links > 80, String(links))
    assert.deepEqual(broken, [])
  })

  it('link only to pages that are in the package, from those that are', () => {
    const isShipped = (page: string) => /^(docs\/[\w-]+|SECURITY)\.md$/.test(page)
    const left = PAGES.filter((page) => isShipped(page) || page === 'CHANGELOG.md').flatMap((page) =>
      linksOf(page)
        .map((link) => path.join(path.dirname(page), decodeURI(link.split('#')[0] ?? '')))
        .filter((target) => target !== path.dirname(page) && !isShipped(target))
        .map((target) => `${page}: ${target}`),
    )
    assert.deepEqual(left, [])
  })

  it('name commands and options that exist', async () => {
    const options = await optionsByCommand()
    assert.ok(options.size >= 19, [...options.keys()].join(' '))
    const documented = new Set<string>()
    const unknown = [...PAGES, 'server/src/commands/init-agents.ts', '.pre-commit-hooks.yaml'].flatMap((page) =>
      commandLinesOf(page).flatMap(([name = '', ...words]) => {
        documented.add(name)
        const known = options.get(name)
        if (known === undefined) return [`${page}: prisma-audit ${name}`]
        const given = words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? [])
        return given.filter((option) => !known.has(option)).map((option) => `${page}: prisma-audit ${name} ${option}`)
      }),
    )
    assert.deepEqual(unknown, [])
    assert.deepEqual(
      [...options.keys()].filter((name) => !documented.has(name)),
      ['help'],
    )
    const all = new Set([...options.values()].flatMap((each) => [...each]))
    const elsewhere = PAGES.flatMap((page) =>
      optionsIn(page)
        .filter((option) => !all.has(option) && !FOREIGN.has(option))
        .map((option) => `${page}: ${option}`),
    )
    assert.deepEqual(elsewhere, [])
  })

  it('give inputs to the action that it has', () => {
    const definition = fs.readFileSync(path.join(__REPOSITORY__, 'action/action.yml'), 'utf8')
    const [, inputs = ''] = /^inputs:\n([^]*?)^outputs:\n/m.exec(definition) ?? []
    const known = [...inputs.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name)
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs/ci.md'), 'utf8')
    const uses = [
      ...page.matchAll(
        /uses: prisma-audit\/prisma-audit\/action@.*\n(?: +id: .*\n)? +with:((?: \{.*\n)|\n(?: {10}.*\n)+)/g,
      ),
    ]
    const given = uses.flatMap(([, block = '']) => [...block.matchAll(/([a-z-]+): /g)].map(([, name]) => name))
    assert.ok(uses.length >= 3 && given.length >= 6)
    assert.deepEqual(
      given.filter((name) => !known.includes(name)),
      [],
    )
  })
})

/** Options of other programs: of `npm run chaos`, and of Node. */
const FOREIGN: ReadonlySet<string> = new Set(['--no-allocation-site-pretenuring', '--seed'])

/** From the help of each command, as a person sees it. */
async function optionsByCommand(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const overview = await helpOf([])
  const commands = [...overview.matchAll(/^ {2}([a-z-]+) \[/gm)].map(([, name = '']) => name)
  const entries = commands.map(async (name): Promise<[string, Set<string>]> => {
    const lines = (await helpOf([name])).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)
    return [name, new Set([...lines].map(([, option = '']) => option))]
  })
  return new Map(await Promise.all(entries))
}

async function helpOf(words: readonly string[]): Promise<string> {
  const stream = new PassThrough({ encoding: 'utf8' })
  const secrets = new Secrets()
  const writer = new TerminalWriter(stream as unknown as NodeJS.WriteStream, secrets)
  await runCommandLine([...words, '--help'], {
    ...{ version: '0.0.0', input: process.stdin, output: writer, log: writer, secrets, environment: {} },
    ...{ workingFolder: __REPOSITORY__, signal: new AbortController().signal, interrupt: () => undefined },
  })
  return stream.read() as string
}

/** The words after `prisma-audit` wherever a page shows it as code. */
function commandLinesOf(page: string): string[][] {
  const text = fs.readFileSync(path.join(__REPOSITORY__, page), 'utf8')
  const lines = [
    ...text.matchAll(/(?<![<\w/@.-])(?<!<!-- |_name": ")prisma-audit(?: |", ")([a-z]+(?: |", ")?[^`\n|#;"]*)/g),
  ]
  return lines.map(([, words = '']) => words.replace(/\\$/, '').trim().split(/\s+/))
}

function optionsIn(page: string): string[] {
  const text = fs.readFileSync(path.join(__REPOSITORY__, page), 'utf8')
  return [...text.matchAll(/`(--[a-z][a-z-]+)(?=[ `])/g)].map(([, option = '']) => option)
}

/** Of links and images that are not in code; without those to other sites. */
function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((link) => !/^(https?|mailto|command|data):/.test(link))
}

/** As GitHub names headings: lower case, without punctuation, spaces as hyphens, repeated ones numbered. */
function anchorsOf(page: string): Set<string> {
  const text = fs.readFileSync(path.join(__REPOSITORY__, page), 'utf8').replace(/^```[^]*?^```/gm, '')
  const seen = new Map<string, number>()
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
  const named = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name)
  return new Set([...headings, ...named])
}

function proseOf(page: string): string {
  const text = fs.readFileSync(path.join(__REPOSITORY__, page), 'utf8')
  return text.replace(/^ *```[^]*?^ *```/gm, '').replace(/`[^`\n]+`/g, '')
}
