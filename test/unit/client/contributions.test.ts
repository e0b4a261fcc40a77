import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../../package.json'
import german from '../../../package.nls.de.json'
import english from '../../../package.nls.json'
import { COMMAND_TITLES, DEFAULT_SETTINGS } from '../../../protocol/src/index'
import { policyJsonSchema } from '../../../server/src/audit-fields/parse-policy'

interface Setting {
  readonly order: number
  readonly scope: string
  readonly default: unknown
  readonly markdownDescription?: string
}

interface MenuItem {
  readonly command: string
  readonly when?: string
  readonly group?: string
}

const { contributes, capabilities } = manifest
const SETTINGS = Object.entries(contributes.configuration.properties as Readonly<Record<string, Setting>>)
const COMMANDS = contributes.commands.map(({ command }) => command)
const MENUS = contributes.menus as Readonly<Record<string, readonly MenuItem[]>>

describe('package.json', () => {
  it('keeps the palette clean where there is no Prisma: each command says when it is there', () => {
    const palette = new Map(MENUS.commandPalette!.map(({ command, when }) => [command, when ?? '']))
    assert.deepEqual([...palette.keys()].sort(), [...COMMANDS].sort())
    for (const [command, when] of palette)
      assert.match(when, /^false$|\bprismaAudit\.(?:hasProject|isReviewing)\b/, command)
  })

  it('has its commands in no menu that all files have', () => {
    for (const [menu, items] of Object.entries(MENUS))
      for (const { command, when = '' } of items) {
        assert.ok(COMMANDS.includes(command), command)
        assert.match(when, /prismaAudit\.|\bfalse\b/, `${menu}: ${command}`)
      }
  })

  it("has each button of a row in the row's context menu, too: no key leads to the buttons", () => {
    const inGroup = (name: string) =>
      MENUS['view/item/context']!.filter(({ group }) => group?.startsWith(name)).map(({ command, when }) => [
        command,
        when,
      ])
    assert.deepEqual(inGroup('navigation'), inGroup('inline'))
  })

  it('has one button at most in a view without content: VS Code makes one of a link that is alone in its line', () => {
    for (const [language, texts] of Object.entries({ en: english, de: german }))
      for (const { contents } of contributes.viewsWelcome) {
        const text = (texts as Readonly<Record<string, string>>)[contents.replaceAll('%', '')] ?? ''
        assert.notEqual(text, '')
        const buttons = text.split('\n').filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line))
        assert.ok(buttons.length <= 1, `${language}: ${text}`)
      }
  })

  it('has each command of the server in docs/editors.md', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs/editors.md'), 'utf8')
    for (const command of Object.keys(COMMAND_TITLES)) assert.ok(page.includes(`\`prismaAudit.${command}\``), command)
  })

  it('has each setting of the policy in its documentation', () => {
    const pages = ['policy', 'smoke', 'backups'].map((page) =>
      fs.readFileSync(path.join(__REPOSITORY__, `docs/${page}.md`), 'utf8'),
    )
    for (const setting of settingsIn(policyJsonSchema()))
      assert.ok(
        pages.some((page) => new RegExp(`[\`".]${setting}(?:\\[\\])?[\`"]`).test(page)),
        `${setting} is not in docs/policy.md`,
      )
  })

  it('activates for Prisma only', () => {
    for (const event of manifest.activationEvents)
      assert.match(
        event,
        /^(?:onLanguage:prisma|onWebviewPanel:prismaAudit\.\w+|workspaceContains:.*(?:schema\.prisma|prisma-audit\.json))$/,
      )
    // What VS Code looks for by itself, an open Explorer or a chat, would activate us in every folder.
    const looked = [...Object.values(contributes.views).flat(), ...contributes.mcpServerDefinitionProviders]
    for (const { id, when } of looked) assert.match(when, /^prismaAudit\.hasProject\b/, id)
  })

  it('describes each setting, in order, with the default that the server has', () => {
    assert.deepEqual(
      SETTINGS.map(([, { order }]) => order),
      SETTINGS.map((_, index) => index + 1),
    )
    for (const [name, setting] of SETTINGS) assert.match(setting.markdownDescription ?? '', /^%.+%$/, name)
    const READ_BY_CLIENT = { agentTools: 'editor' }
    assert.deepEqual(
      Object.fromEntries(SETTINGS.map(([name, setting]) => [name.replace('prismaAudit.', ''), setting.default])),
      { ...DEFAULT_SETTINGS, ...READ_BY_CLIENT },
    )
  })

  it('lets no workspace say what is run, connected to or written before it is trusted, and a URL never', () => {
    const restricted = new Set(capabilities.untrustedWorkspaces.restrictedConfigurations)
    for (const [name, { scope }] of SETTINGS) {
      assert.ok(restricted.has(name) || /\.(?:codeLens|inlayHints)$/.test(name), name)
      if (/url/i.test(name)) assert.equal(scope, 'machine', name)
      if (/path|directory|files/i.test(name) && !name.includes('policyFile'))
        assert.equal(scope, 'machine-overridable', name)
    }
    assert.ok(!SETTINGS.some(([name]) => /password|secret|token/i.test(name)))
  })
})

/** The names of all settings in a JSON schema. */
function settingsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, unknown>> }
  const names = Object.keys(properties).filter((name) => name !== '$schema')
  return [...names, ...Object.values(schema).flatMap(settingsIn)]
}
