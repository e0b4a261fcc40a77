// Splits `main.js` into parts. Node compiles a whole file before it runs the first line, and Node 20 does not cache the
// result, so what `check` does not use is in other files, each loaded with the first import of one of their modules.
// There are few parts, because a file for each dynamic import costs Node more than it saves.
import * as esbuild from 'esbuild'
import path from 'node:path'

/** The parser of TypeScript, which the search of the application's code uses too. */
const PARSER = 'typescript-parser'

/**
 * A module belongs to the first part in this order that reaches it from its roots. `static` follows only imports that
 * are loaded at once, `all` also dynamic ones. With `alsoFrom`, only modules that are reached from there as well.
 */
const PARTS = [
  { name: PARSER, roots: ['node_modules/@babel/parser/lib/index.js'], follow: 'static' },
  {
    name: 'main',
    roots: [
      'server/src/main.ts',
      'server/src/cli.ts',
      'server/src/terminal/crash.ts',
      'server/src/terminal/subcommands/check.ts',
      'server/src/schema/connection/static-values.ts',
    ],
    follow: 'static',
  },
  { name: 'policy', roots: ['server/src/audit-fields/parse-policy.ts'], follow: 'static' },
  // What the language server holds all the time; without this part, `lint` and `commands` would be loaded for it.
  { name: 'shared', roots: ['server/src/server.ts'], follow: 'static', alsoFrom: 'server/src/cli.ts' },
  { name: 'lint', roots: ['server/src/terminal/subcommands/lint.ts'], follow: 'all' },
  { name: 'encryption', roots: ['server/src/backup/encryption/age.ts'], follow: 'all' },
  {
    name: 'commands',
    roots: ['server/src/cli.ts'],
    follow: 'all',
    without: ['server/src/terminal/subcommands/mcp.ts'],
  },
  {
    name: 'language-server',
    roots: ['server/src/server.ts'],
    follow: 'all',
    without: ['server/src/lsp/agent-tools.ts'],
  },
  { name: 'agents', roots: ['server/src/terminal/subcommands/mcp.ts', 'server/src/lsp/agent-tools.ts'], follow: 'all' },
]

export const partFiles = () => PARTS.map(({ name }) => `${name}.js`)

/** Makes a separate bundle load the parser of TypeScript from its part. */
export const sharedParser = {
  name: 'parser of TypeScript from its part',
  setup(build) {
    build.onResolve({ filter: /^@babel\/parser$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: `${PARSER}.js#0`, namespace: 'part' } : null,
    )
    loadParts(build)
  },
}

/** Writes the parts of the bundle with these options. Returns esbuild's metafile of the whole bundle. */
export async function bundleParts(options) {
  const { metafile } = await esbuild.build({ ...options, write: false, metafile: true })
  const partOf = assignParts(metafile.inputs)
  const exposed = exposedModules(metafile.inputs, partOf)
  if (exposed.get(PARSER).length !== 1) throw new Error(`${PARSER}.js has to export one module.`)
  for (const { name } of PARTS) {
    await esbuild.build({
      ...options,
      entryPoints: undefined,
      stdin: {
        contents: entryOf(name, exposed.get(name)),
        resolveDir: options.absWorkingDir,
        sourcefile: `${name}.js`,
      },
      outfile: `${options.outdir}/${name}.js`,
      outdir: undefined,
      plugins: [otherParts(name, metafile.inputs, partOf, exposed), ...options.plugins],
    })
  }
  return metafile
}

function assignParts(inputs) {
  const partOf = new Map()
  for (const { name, roots, follow, without = [], alsoFrom } of PARTS) {
    const others = alsoFrom === undefined ? null : reached(inputs, [alsoFrom], 'all', [])
    for (const module of reached(inputs, roots, follow, without)) {
      if (!partOf.has(module) && others?.has(module) !== false) partOf.set(module, name)
    }
  }
  return partOf
}

/** The modules that these load, themselves included. */
function reached(inputs, roots, follow, without) {
  // `node_modules` may be a link to another folder.
  const open = roots.map((root) => Object.keys(inputs).find((module) => `/${module}`.endsWith(`/${root}`)))
  if (open.includes(undefined)) throw new Error(`Not all of ${roots.join(', ')} are there to put into a bundle.`)
  const visited = new Set()
  while (open.length > 0) {
    const module = open.pop()
    if (visited.has(module) || without.includes(module)) continue
    visited.add(module)
    for (const imported of inputs[module].imports) {
      if (!imported.external && (follow === 'all' || isLoadedAtOnce(module, imported))) open.push(imported.path)
    }
  }
  return visited
}

/** Our code uses `require` only for lazy loading; in packages, it is a static import. */
function isLoadedAtOnce(module, { kind }) {
  return kind === 'import-statement' || (kind === 'require-call' && module.includes('node_modules/'))
}

/** For each part, the modules that other parts import. */
function exposedModules(inputs, partOf) {
  const exposed = new Map(PARTS.map(({ name }) => [name, []]))
  for (const [module, { imports }] of Object.entries(inputs)) {
    for (const { path, external } of imports) {
      if (external || partOf.get(path) === partOf.get(module)) continue
      const modules = exposed.get(partOf.get(path))
      if (!modules.includes(path)) modules.push(path)
    }
  }
  return exposed
}

function entryOf(part, modules) {
  const functions = modules.map((module) => `() => require(${JSON.stringify(`./${module}`)})`)
  const program = part === 'main' ? `export { runProgram, tellCrash } from './server/src/main.ts'\n` : ''
  return `${program}export const modules = [${functions.join(', ')}]\n`
}

/** Replaces imports of other parts' modules by the exports of those parts. */
function otherParts(part, inputs, partOf, exposed) {
  return {
    name: 'modules of other parts',
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path: wanted, importer, kind, namespace }) => {
        if (namespace === 'part') return null
        const module = inputs[path.relative(build.initialOptions.absWorkingDir, importer)]
        const imported = module?.imports.find((each) => each.original === wanted && each.kind === kind)
        if (imported === undefined || imported.external || partOf.get(imported.path) === part) return null
        const other = partOf.get(imported.path)
        return { path: `${other}.js#${exposed.get(other).indexOf(imported.path)}`, namespace: 'part' }
      })
      loadParts(build)
    },
  }
}

function loadParts(build) {
  build.onResolve({ filter: /./, namespace: 'part' }, ({ path: file }) => ({ path: file, external: true }))
  build.onLoad({ filter: /./, namespace: 'part' }, ({ path: place }) => {
    const [file, index] = place.split('#')
    return { contents: `module.exports = require('./${file}').modules[${index}]()` }
  })
}
