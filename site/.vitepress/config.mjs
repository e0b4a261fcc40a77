import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const REPOSITORY = 'https://github.com/prisma-audit/prisma-audit'

/**
 * Pages stand where the repository has them, so that a link works there and here; every link is checked by the build.
 */
export default defineConfig({
  title: 'Prisma Audit',
  description:
    'Audit fields and drift for Prisma and PostgreSQL: checked live, migrated safely, verified and rolled back.',
  base: process.env.SITE_BASE ?? '/',
  srcDir: '..',
  outDir: 'dist',
  cacheDir: 'node_modules/.cache',
  srcExclude: ['**/{node_modules,dist,out,coverage}/**', '{.*,action,bench,client,demo,sample,scripts,server,test}/**'],
  rewrites: { 'site/index.md': 'index.md' },
  cleanUrls: true,
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // Angle brackets and braces of the pages are text, as they are on GitHub.
  markdown: { html: false, config: (markdown) => markdown.use(literally).use(licenseInRepository) },
  // The pages are not below this folder, where Vue is. What Node would take for Vue breaks in a browser.
  vite: {
    resolve: {
      alias: [alias('vue/server-renderer', 'vue/server-renderer'), alias('vue', 'vue/dist/vue.runtime.esm-bundler.js')],
    },
  },
  themeConfig: {
    nav: [
      { text: 'Policy', link: '/docs/policy' },
      { text: 'Findings', link: '/docs/findings' },
      { text: 'CI', link: '/docs/ci' },
      { text: 'How it compares', link: '/site/compare' },
    ],
    sidebar: [
      group('Start', [
        ['Overview', '/README'],
        ['Screenshots', '/site/screenshots'],
        ['How it compares', '/site/compare'],
        ['Speed', '/docs/bench'],
      ]),
      group('Use', [
        ['Policy', '/docs/policy'],
        ['Findings', '/docs/findings'],
        ['Checks of SQL', '/docs/lint'],
        ['Who did it', '/docs/actor'],
        ["The application's code", '/docs/application'],
        ['Smoke test', '/docs/smoke'],
        ['Backups', '/docs/backups'],
        ['Environments', '/docs/environments'],
        ["Prisma's history", '/docs/history'],
      ]),
      group('Elsewhere', [
        ['Continuous integration', '/docs/ci'],
        ['Agents', '/docs/agents'],
        ['Other editors', '/docs/editors'],
      ]),
      group('Reference', [
        ['JSON', '/docs/json'],
        ['Errors', '/docs/errors'],
        ['The generated SQL', '/migrations/FORMAT'],
        ['Security', '/SECURITY'],
        ['Changes', '/CHANGELOG'],
      ]),
      group('Contribute', [
        ['Architecture', '/ARCHITECTURE'],
        ['Decisions', '/docs/decisions'],
        ['Contributing', '/CONTRIBUTING'],
        ['Mutation tests', '/docs/mutation'],
        ['UX guidelines', '/docs/ux-guidelines'],
        ['What is in the package', '/docs/package'],
      ]),
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    footer: { message: 'MIT. Not affiliated with Prisma Data, Inc. No telemetry.' },
  },
})

/** It is no page. */
function licenseInRepository(markdown) {
  const { normalizeLink } = markdown
  markdown.normalizeLink = (link) => (link === 'LICENSE' ? `${REPOSITORY}/blob/main/LICENSE` : normalizeLink(link))
}

function alias(name, entry) {
  return { find: new RegExp(`^${name}$`), replacement: fileURLToPath(import.meta.resolve(entry)) }
}

function group(text, pages) {
  return { text, items: pages.map(([title, link]) => ({ text: title, link })) }
}

/** Two braces are an expression to Vue, in code, too: `{{` in a page is what it says. */
function literally(markdown) {
  const { code_inline: inline } = markdown.renderer.rules
  markdown.renderer.rules.code_inline = (...given) => inline(...given).replace('<code', '<code v-pre')
  const text = markdown.renderer.rules.text
  markdown.renderer.rules.text = (...given) => text(...given).replaceAll('{{', '&#123;&#123;')
}
