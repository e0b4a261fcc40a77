// What a build owes to others: the licence texts of all that ends up in dist/ (ThirdPartyNotices.txt), and the same as
// a bill of materials (CycloneDX 1.6, sbom.cdx.json). Made from what esbuild says that it bundled, so neither can fall
// behind.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * What is inside the WebAssembly, the archives and the bundled scripts that packages bring, by the package that brings
 * it: PGlite's build options stand in `pg_config()`, the others' in their repositories, bundled scripts in source maps,
 * which `scripts/pack` reads. Versions are unknown where none is given.
 */
const LINKED = {
  '@electric-sql/pglite': [
    { name: 'postgresql', version: '18', license: 'PostgreSQL', file: 'postgresql.txt' },
    { name: 'icu', license: 'Unicode-3.0', file: 'icu.txt' },
    { name: 'libxml2', license: 'MIT', file: 'libxml2.txt' },
    { name: 'zlib', license: 'Zlib', file: 'zlib.txt' },
    { name: 'ossp-uuid', license: 'ISC', file: 'ossp-uuid.txt' },
    { name: 'openssl', version: '3.0.17', license: 'Apache-2.0', file: null },
    { name: 'musl', license: 'MIT', file: 'musl.txt' },
    { name: 'emscripten', license: 'MIT', file: 'emscripten.txt' },
    { name: '@electric-sql/pg-protocol', license: 'MIT', file: 'pg-protocol.txt' },
    { name: '@electric-sql/pglite-utils', license: 'Apache-2.0', file: null },
    { name: 'async-mutex', version: '0.4.1', license: 'MIT', file: 'async-mutex.txt' },
    { name: 'tinytar', version: '0.1.0', license: 'MIT', file: 'tinytar.txt' },
    { name: 'tsup', version: '8.3.0', license: 'MIT', file: 'tsup.txt' },
  ],
  '@electric-sql/pglite-pgvector': [{ name: 'pgvector', license: 'PostgreSQL', file: 'postgresql.txt' }],
  'libpg-query': [
    { name: 'libpg_query', version: '18', license: 'BSD-3-Clause', file: 'libpg_query.txt' },
    { name: 'protobuf-c', license: 'BSD-3-Clause', file: 'protobuf-c.txt' },
    { name: 'xxhash', license: 'BSD-2-Clause', file: 'xxhash.txt' },
  ],
  'vscode-uri': [{ name: 'path-browserify', version: '1.0.1', license: 'MIT', file: 'path-browserify.txt' }],
}

/** Packages whose files esbuild does not see: they are copied into dist/ as they are. */
const COPIED = [
  '@electric-sql/pglite',
  '@electric-sql/pglite-pgvector',
  '@electric-sql/pglite-tools',
  '@prisma/prisma-schema-wasm',
  'libpg-query',
]

/** Packages that say their licence but ship no text of it. `null` is the Apache License, which PGlite ships. */
const TEXTS_ELSEWHERE = {
  'pg-copy-streams': 'pg-copy-streams.txt',
  'pg-types': 'pg-types.txt',
  pgpass: 'pgpass.txt',
  '@prisma/prisma-schema-wasm': null,
}

/** Writes both files into `dist`. `metafiles` are esbuild's. Throws where a package has no licence text. */
export function writeThirdPartyNotices({ root, dist, metafiles }) {
  const components = thirdPartyComponents({ root, metafiles })
  const crates = cratesIn(path.join(root, 'node_modules/@prisma/prisma-schema-wasm/src/prisma_schema_build_bg.wasm'))
  const bill = billOfMaterials(root, components, crates)
  fs.writeFileSync(path.join(dist, 'ThirdPartyNotices.txt'), noticesOf(components, crates))
  fs.writeFileSync(path.join(dist, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`)
}

/**
 * The Rust crates that a WebAssembly file names in the messages of its panics: `{ name, version }`, by name. It ships
 * no list of them and no licence texts; a crate that cannot panic is not among them. Throws where there is none: then
 * the file is built differently.
 */
function cratesIn(file) {
  const named = fs
    .readFileSync(file, 'latin1')
    .matchAll(/\/registry\/src\/[^/\0]+\/([\w-]+)-(\d+\.\d+\.\d+[\w.+-]*)\//g)
  const crates = new Map([...named].map(([, name, version]) => [`${name} ${version}`, { name, version }]))
  if (crates.size === 0) throw new Error(`${file} names no Rust crates any more: see scripts/third-party-notices.mjs.`)
  return [...crates].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, crate]) => crate)
}

/**
 * What others wrote: `{ name, version?, license, text, npm }`, packages first, each followed by what is linked into it.
 */
function thirdPartyComponents({ root, metafiles }) {
  const bundled = metafiles.flatMap(({ inputs }) => Object.keys(inputs)).map(packageFolderOf)
  const copied = COPIED.map((name) => `node_modules/${name}`)
  const folders = [...new Set([...bundled, ...copied])].filter((folder) => folder !== null).sort()
  const own = (file) => fs.readFileSync(path.join(root, 'scripts/notices', file), 'utf8')
  const apache = fs.readFileSync(path.join(root, 'node_modules/@electric-sql/pglite/LICENSE'), 'utf8')
  const seen = new Set()
  return folders.flatMap((folder) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'))
    // The same version can lie in several folders.
    if (seen.has(`${name}@${version}`)) return []
    seen.add(`${name}@${version}`)
    const text = shippedTexts(path.join(root, folder)) ?? elsewhere(name, own, apache)
    const linked = (LINKED[name] ?? []).map(({ file, ...rest }) => ({
      ...rest,
      text: file === null ? apache : own(file),
      npm: false,
    }))
    return [{ name, version, license, text, npm: true }, ...linked]
  })
}

/** The innermost package's folder, relative as esbuild writes it; null for our own files. */
function packageFolderOf(file) {
  const [folder] = /.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []
  return folder ?? null
}

function shippedTexts(folder) {
  const files = fs
    .readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying|thirdpartynotices)(\.|-|$)/i.test(name))
  return files.length === 0 ? null : files.map((name) => fs.readFileSync(path.join(folder, name), 'utf8')).join('\n\n')
}

function elsewhere(name, own, apache) {
  const file = TEXTS_ELSEWHERE[name]
  if (file === undefined) {
    throw new Error(
      `${name} ships no licence text: add it to scripts/notices and to TEXTS_ELSEWHERE in scripts/third-party-notices.mjs.`,
    )
  }
  return file === null ? apache : own(file)
}

function noticesOf(components, crates) {
  const head = [
    'Prisma Audit contains the following software of others. It is not affiliated with Prisma Data, Inc.',
    '',
    'The WebAssembly build of Prisma’s schema parser (https://github.com/prisma/prisma-engines) also contains Rust libraries. It',
    'ships no licence texts of them. These are the ones that it names; the licence of each is at https://crates.io/crates/NAME/VERSION.',
    'colored is under the Mozilla Public License 2.0; its source is at https://github.com/colored-rs/colored.',
    '',
    ...crates.map(({ name, version }) => `  ${name} ${version}`),
    '',
  ].join('\n')
  const rule = '-'.repeat(80)
  return [
    head,
    ...components.map(
      ({ name, version, license, text }) =>
        `${rule}\n${[name, version].filter(Boolean).join(' ')} (${license})\n${rule}\n\n${text.trim()}\n`,
    ),
  ].join('\n')
}

function billOfMaterials(root, components, crates) {
  const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `pkg:npm/${name}@${version}`,
        name,
        version,
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components: [...components.map(componentOf), ...crates.map(crateComponent)],
  }
}

function componentOf({ name, version, license, text, npm }) {
  return {
    type: 'library',
    ...(npm ? { 'bom-ref': purl(name, version), purl: purl(name, version) } : { 'bom-ref': `linked:${name}` }),
    name,
    ...(version === undefined ? {} : { version }),
    licenses: [{ license: { id: license } }],
    properties: [
      { name: 'prisma-audit:licence-text-sha256', value: crypto.createHash('sha256').update(text).digest('hex') },
    ],
  }
}

/** Its licence is not told, since nobody here has read its text. */
function crateComponent({ name, version }) {
  const url = `pkg:cargo/${name}@${version}`
  return { type: 'library', 'bom-ref': url, purl: url, name, version }
}

/** A package URL (purl): the at sign of a scope is escaped in it. */
function purl(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`
}
