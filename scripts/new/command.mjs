import { insertSorted } from './changes.mjs'
import { camelCase, titleCase } from './names.mjs'
import { TRANSLATE } from './translate.mjs'

/** A command of the palette and of the terminal. */
export function command(name) {
  const id = camelCase(name)
  const title = titleCase(name)
  const test = `test/unit/commands/${name}.test.ts`
  return {
    test,
    next:
      `implement server/src/commands/${name}.ts against \`Interaction\`; editor and terminal have it already. If it ` +
      `takes a while, client/src/status/activity.ts says what the status bar shows. Test it as a whole in ` +
      `test/server and test/terminal, on a real database. Translate its title in package.nls.de.json. ${TRANSLATE}`,
    changes: [
      { file: `server/src/commands/${name}.ts`, text: commandText(id, title) },
      { file: `server/src/terminal/subcommands/${name}.ts`, text: subcommandText(name, id) },
      {
        file: 'server/src/terminal/command-line/other-commands.ts',
        before: /^ {2}program\n {4}\.command\('demo'\)/,
        text: registrationText(name, id),
      },
      { file: 'protocol/src/commands.ts', before: /^ {2}guided: '/, text: `  ${id}: '${title}',\n` },
      { file: 'server/src/lsp/server-commands.ts', before: /^ {2}guided: async/, text: loadedCommandText(name, id) },
      // One that takes a while says in the status bar what it does.
      { file: 'client/src/status/activity.ts', before: /^ {2}setEnvironment: null,$/, text: `  ${id}: null,\n` },
      {
        file: 'package.json',
        before: /^ {6}\{\n {8}"category": "Prisma Audit",\n {8}"command": "prismaAudit\.guided",/,
        text: contributionText(id),
      },
      {
        file: 'package.json',
        before: /^ {8}\{\n {10}"command": "prismaAudit\.guided",\n {10}"when": "prismaAudit\.hasProject"/,
        text: paletteText(id),
      },
      {
        file: 'package.nls.json',
        before: /^ {2}"command\.guided\.title"/,
        text: `  "command.${id}.title": "${title}",\n`,
      },
      // In English: the test of the translations fails until it is in German.
      {
        file: 'package.nls.de.json',
        before: /^ {2}"command\.guided\.title"/,
        text: `  "command.${id}.title": "${title}",\n`,
      },
      insertSorted('l10n/bundle.l10n.de.json', /^ {2}"(.*)": "/, `  "${title}": "${title}",`),
      {
        file: 'README.md',
        before: /^\| Run Guided Migration \|/,
        text: `| ${title} | \`prisma-audit ${name}\` | say what it does |\n`,
      },
      {
        file: 'docs/editors.md',
        before: /^\| `prismaAudit\.guided` \|/,
        text: `| \`prismaAudit.${id}\` | say what it does |\n`,
      },
      { file: test, text: testText(name, id) },
    ],
  }
}

const commandText = (id, title) => `import type { Project } from '../project/project'
import type { Translate } from '../text/translate'
import type { CommandOutcome, Interaction } from './interaction'
import { resolveTarget, withTarget } from './target'

/** Say what it does. Its target is resolved once and passed down. */
export async function ${id}Command(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const target = await resolveTarget(project, interaction, { drift: false })
  interaction.progress(interaction.t('${title}'))
  const { rows } = await withTarget(target, interaction, (client) => client.query('SELECT WHERE false'))
  return ${id}Outcome(rows, interaction.t)
}

export function ${id}Outcome(found: readonly unknown[], t: Translate): CommandOutcome {
  return { status: 'failed', message: t('Say how it ended: {0}.', found.length) }
}
`

const subcommandText = (name, id) => `import { ${id}Command } from '../../commands/${name}'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export async function ${id}FromTerminal(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, ${id}Command)
}
`

function loadedCommandText(name, id) {
  const [head, load] = [`  ${id}: async (...run) =>`, `(await import('../commands/${name}')).${id}Command(...run),`]
  // Broken as Prettier does.
  return head.length + load.length < 120 ? `${head} ${load}\n` : `${head}\n    ${load}\n`
}

const registrationText = (name, id) => `  program
    .command('${name}')
    .description('Say what it does.')
    .action(async (options: CommonOptions) =>
      finish((await import('../subcommands/${name}')).${id}FromTerminal(options, terminal)),
    )

`

const contributionText = (id) => `      {
        "category": "Prisma Audit",
        "command": "prismaAudit.${id}",
        "title": "%command.${id}.title%"
      },
`

const paletteText = (id) => `        {
          "command": "prismaAudit.${id}",
          "when": "prismaAudit.hasProject"
        },
`

const testText = (name, id) => `import assert from 'node:assert/strict'
import { ${id}Outcome } from '../../../server/src/commands/${name}'
import { inEnglish } from '../../../server/src/text/translate'

describe('${name}', () => {
  it('succeeds if there is nothing to do', () => {
    assert.equal(${id}Outcome([], inEnglish).status, 'done')
  })
})
`
