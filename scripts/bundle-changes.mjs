// What our bundles change in packages: esbuild plugins. Each names what it replaces, and the build fails if a newer
// version of the package no longer contains it.
import fs from 'node:fs'
import path from 'node:path'

/** zod's messages in fifty languages, which we never show. A tenth of a bundle. */
const withoutLocales = {
  name: 'zod without its languages',
  setup(build) {
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js'\n",
    }))
  },
}

/**
 * WebAssembly next to the bundles, compressed in the VSIX: read by our own function (`shipped-files.ts`) instead of by
 * the packages.
 */
const shippedWebAssembly = (root) => ({
  name: 'WebAssembly from shipped files',
  setup(build) {
    const reader = JSON.stringify(path.join(root, 'server/src/files/shipped-files.ts'))
    build.onLoad(
      { filter: /[/\\]@prisma[/\\]prisma-schema-wasm[/\\]src[/\\]prisma_schema_build\.js$/ },
      ({ path: file }) => ({
        contents: replaced(file, [
          [
            "const wasmBytes = require('fs').readFileSync(wasmPath);",
            `const wasmBytes = require(${reader}).readShippedFile(__dirname, 'prisma_schema_build_bg.wasm');`,
          ],
        ]),
      }),
    )
    build.onLoad({ filter: /[/\\]libpg-query[/\\]wasm[/\\]index\.js$/ }, ({ path: file }) => ({
      contents: replaced(file, [
        ['import PgQueryModule from', `import { readShippedFile } from ${reader};\nimport PgQueryModule from`],
        ['const initPromise = PgQueryModule().then(', `const initPromise = PgQueryModule(${FROM_BYTES}).then(`],
      ]),
    }))
    build.onLoad({ filter: /[/\\]@electric-sql[/\\]pglite[/\\]dist[/\\]index\.js$/ }, ({ path: file }) => ({
      contents: replaced(file, [
        [
          'if(!t.existsSync(e))throw',
          `if(e.protocol==="blob:")return(await import("node:buffer")).resolveObjectURL(e.href);if(!t.existsSync(e))throw`,
        ],
      ]),
    }))
  },
})

/** Emscripten's own option to receive what it would load. */
const FROM_BYTES = `{
  instantiateWasm(imports, receive) {
    WebAssembly.instantiate(readShippedFile(__dirname, 'libpg-query.wasm'), imports).then(({ instance }) => receive(instance))
    return {}
  },
}`

/**
 * The language client without the features that our server does not have (LSP's notebooks, call hierarchy, pulled
 * diagnostics …), and without its check of VS Code's version, which our package.json declares: a third of what VS Code
 * loads to activate us.
 */
const leanLanguageClient = {
  name: 'language client with what is used of it',
  setup(build) {
    build.onLoad({ filter: /[/\\]vscode-languageclient[/\\]lib[/\\]common[/\\]client\.js$/ }, ({ path: file }) => ({
      contents: UNUSED_FEATURES.reduce(
        (text, [name, stand = '']) => withoutFeature(file, text, name, stand),
        fs.readFileSync(file, 'utf8'),
      ),
    }))
    build.onLoad({ filter: /[/\\]vscode-languageclient[/\\]lib[/\\]common[/\\]api\.js$/ }, ({ path: file }) => ({
      contents: replaced(file, [['require("./diagnostic")', '{}']]),
    }))
    build.onLoad({ filter: /[/\\]vscode-languageclient[/\\]lib[/\\]node[/\\]main\.js$/ }, ({ path: file }) => ({
      contents: replaced(file, [
        ['require("semver/functions/parse")', '() => ({})'],
        ['require("semver/functions/satisfies")', '() => true'],
      ]),
    }))
  },
}

/** By module; some with the functions that the rest of the client calls. */
const UNUSED_FEATURES = [
  ...[
    'signatureHelp',
    'definition',
    'reference',
    'documentHighlight',
    'documentSymbol',
    'workspaceSymbol',
    'formatting',
  ],
  ...['rename', 'documentLink', 'typeDefinition', 'implementation', 'colorProvider', 'foldingRange', 'declaration'],
  ...['selectionRange', 'callHierarchy', 'semanticTokens', 'linkedEditingRange', 'fileOperations', 'typeHierarchy'],
  ...['inlineValue', 'diagnostic', 'inlineCompletion', 'textDocumentContent'],
]
  .map((name) => [name])
  .concat([['notebook', `{ NotebookDocumentSyncFeature: class { static CellScheme = 'vscode-notebook-cell' } }`]])

function withoutFeature(file, text, name, stand) {
  const registration = new RegExp(`^ *this\\.registerFeature\\(new ${name}_1\\..*\\n`, 'gm')
  const left = text
    .replace(registration, '')
    .replace(`const ${name}_1 = require("./${name}");`, stand === '' ? '' : `const ${name}_1 = ${stand};`)
  const isGone = !left.includes(`"./${name}"`) && (stand !== '' || !left.includes(`${name}_1.`))
  if (!registration.test(text) || !isGone) throw new Error(`${file} no longer has “${name}” as it had.`)
  return left
}

export const bundleChanges = (root) => [withoutLocales, shippedWebAssembly(root), leanLanguageClient]

function replaced(file, replacements) {
  let text = fs.readFileSync(file, 'utf8')
  for (const [from, to] of replacements) {
    if (text.split(from).length !== 2) throw new Error(`${file} no longer has exactly one “${from}”.`)
    text = text.replace(from, () => to)
  }
  return text
}
