import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from '@babel/parser'
import type { AuditedModels } from '../../../server/src/actor/audited-models'
import { FRAMEWORKS, frameworksOf, linesFor } from '../../../server/src/actor/frameworks'
import { moduleForm, requiredEnding } from '../../../server/src/commands/module-form'
import { isAsWritten, renderModule, renewModels, type ModuleForm } from '../../../server/src/actor/render-module'
import { renderTest } from '../../../server/src/actor/render-test'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { auditedOf, LEADS, TENANTS } from './audited'

interface Module {
  readonly fillAuditFields: (model: string, operation: string, args: unknown) => Record<string, unknown>
  readonly withActor: <Result>(actor: unknown, work: () => Result) => Result
}

describe('actor: the module', () => {
  let folder: string
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-actor-'))
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  const form = (changes: Partial<ModuleForm> = {}): ModuleForm => ({
    language: 'javascript',
    modules: 'commonjs',
    withoutActor: 'throw',
    ...changes,
  })
  let count = 0
  function load(audited: AuditedModels, changes: Partial<ModuleForm> = {}): Module {
    const file = path.join(folder, `module-${String(++count)}.cjs`)
    fs.writeFileSync(file, renderModule(audited, form(changes)))
    return createRequire(file)(file) as Module
  }

  it('runs as a CommonJS and as an ES module, and holds no type', async () => {
    const audited = auditedOf(LEADS)
    const file = path.join(folder, 'module.mjs')
    const text = renderModule(audited, form({ modules: 'esm' }))
    // Without the plugin that knows types.
    parse(text, { sourceType: 'module' })
    fs.writeFileSync(file, text)
    const modules = [(await import(pathToFileURL(file).href)) as Module, load(audited)]
    for (const { fillAuditFields, withActor } of modules) {
      const { data } = withActor(7, () => fillAuditFields('Lead', 'create', { data: { name: 'x' } }))
      assert.deepEqual(data, { name: 'x', updatedById: 7 })
      assert.throws(() => fillAuditFields('Lead', 'update', { data: { name: 'x' } }), /no user is known here/)
      assert.deepEqual(fillAuditFields('Lead', 'update', { data: { name: undefined } }).data, { name: undefined })
    }
  })

  it('is known again as we wrote it in each form, whatever its models, and not once it was changed', () => {
    const audited = auditedOf(LEADS)
    for (const language of ['typescript', 'javascript'] as const)
      for (const modules of ['esm', 'commonjs'] as const)
        for (const withoutActor of ['throw', 'leave'] as const) {
          const text = renderModule(audited, { language, modules, withoutActor })
          const isOurs = (changed: string) => isAsWritten(changed, { language, modules })
          assert.ok(isOurs(text))
          assert.ok(isOurs(text.replaceAll('\n', '\r\n')))
          assert.ok(isOurs(renewModels(text, { ...audited, models: new Map() }) ?? ''))
          assert.ok(!isOurs(`${text}// ours\n`))
          assert.ok(!isOurs(text.replace(/'(throw|leave)'(?= as|\n)/, "{ use: '1' }")))
        }
    assert.ok(!isAsWritten('', { language: 'typescript', modules: 'esm' }))
  })

  it('is written as its folder asks: by extension, package and compiler', () => {
    const within = (files: Readonly<Record<string, string>>): string => {
      const project = fs.mkdtempSync(path.join(folder, 'form-'))
      for (const [file, text] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
        fs.writeFileSync(path.join(project, file), text)
      }
      return project
    }
    const formOf = (name: string, files: Readonly<Record<string, string>>) => {
      const { language, modules } = moduleForm(path.join(within(files), name))
      return `${language} ${modules}`
    }
    const common = { 'package.json': '{}' }
    const module = { 'package.json': '{ "type": "module" }' }
    const verbatim = (options: string) => ({
      'tsconfig.json': `{ "compilerOptions": { "verbatimModuleSyntax": true, ${options} } } // strict`,
    })
    assert.equal(formOf('src/a.js', common), 'javascript commonjs')
    assert.equal(formOf('src/a.js', module), 'javascript esm')
    assert.equal(formOf('a.cjs', module), 'javascript commonjs')
    assert.equal(formOf('a.mjs', common), 'javascript esm')
    assert.equal(formOf('src/a.ts', common), 'typescript esm')
    for (const kind of ['NodeNext', 'node20', 'CommonJS']) {
      assert.equal(formOf('src/a.ts', { ...common, ...verbatim(`"module": "${kind}",`) }), 'typescript commonjs', kind)
    }
    assert.equal(formOf('src/a.ts', { ...module, ...verbatim('"module": "nodenext"') }), 'typescript esm')
    assert.equal(formOf('src/a.cts', { ...module, ...verbatim('"module": "nodenext"') }), 'typescript commonjs')
    assert.equal(formOf('src/a.mts', { ...common, ...verbatim('"module": "nodenext"') }), 'typescript esm')
    for (const kind of ['ESNext', 'preserve']) {
      assert.equal(formOf('src/a.ts', { ...common, ...verbatim(`"module": "${kind}"`) }), 'typescript esm', kind)
    }
    // What an import of it must end in.
    const endingOf = (of: Readonly<Record<string, string>>, options: string) =>
      requiredEnding(path.join(within({ ...of, 'tsconfig.json': `{ "compilerOptions": { ${options} } }` }), 'src/a.ts'))
    assert.equal(endingOf(module, '"module": "NodeNext"'), '.js')
    assert.equal(endingOf(module, '"module": "node20", "rewriteRelativeImportExtensions": true'), '.ts')
    assert.equal(endingOf(common, '"module": "nodenext"'), '')
    assert.equal(endingOf(module, '"module": "esnext"'), '')
    // Through what it extends: a file, and one of a package.
    assert.equal(
      formOf('apps/api/src/a.ts', {
        ...common,
        'apps/api/tsconfig.json': '{ "extends": ["@acme/strict", "../../base"], "compilerOptions": {} }',
        'node_modules/@acme/strict/tsconfig.json': '{ "compilerOptions": { "verbatimModuleSyntax": true } }',
        'base.json': '{ "extends": "./base.json", "compilerOptions": { "module": "node16" } }',
      }),
      'typescript commonjs',
    )
  })

  it('loaded again, as a development server does, it knows the user of the first; that of another schema does not', () => {
    const audited = auditedOf(LEADS)
    const [client, reloaded, other] = [load(audited), load(audited), load(auditedOf(TENANTS))]
    const { data } = reloaded.withActor(7, () => client.fillAuditFields('Lead', 'create', { data: {} }))
    assert.deepEqual(data, { updatedById: 7 })
    assert.throws(() => other.withActor(7, () => client.fillAuditFields('Lead', 'create', { data: {} })), /no user/)
  })

  it('does without a user what was chosen', () => {
    const audited = auditedOf(LEADS)
    const written = (withoutActor: ModuleForm['withoutActor']) =>
      load(audited, { withoutActor }).fillAuditFields('Lead', 'create', { data: {} }).data
    assert.deepEqual(written('leave'), {})
    assert.deepEqual(written({ use: '1' }), { updatedById: 1 })
  })

  it('knows keys of every type, and an empty one is none', () => {
    for (const [type, key, empty] of [
      ['String', 'a', ''],
      ['BigInt', 5n, null],
      ['Int', 5, NaN],
      // Prisma writes NULL for each of these.
      ['BigInt', 5, NaN],
      ['BigInt', 5, Infinity],
      ['Int', 5, -Infinity],
      // And another user for these.
      ['Int', 5, 1.5],
      ['BigInt', 5, 2 ** 53],
    ] as const) {
      const module = load(auditedOf(LEADS.replaceAll('Int', type)))
      const fill = (actor: unknown) =>
        module.withActor(actor, () => module.fillAuditFields('Lead', 'create', { data: {} }).data)
      assert.deepEqual(fill(key), { updatedById: key })
      assert.deepEqual(
        fill(() => key),
        { updatedById: key },
      )
      assert.throws(() => fill(empty), /no user is known here/)
    }
  })

  it('gives a key of several fields in the one form that there is for it', () => {
    const { fillAuditFields, withActor } = load(auditedOf(TENANTS))
    const fill = (data: object) => withActor(3, () => fillAuditFields('Lead', 'create', { data }).data)
    assert.deepEqual(fill({ tenantId: 1 }), { tenantId: 1, updatedById: 3 })
    assert.throws(() => fill({ tenant: { connect: { id: 1 } } }), /its key has several fields/)
    // The row around it gives a part of the key: Prisma takes neither of its fields here.
    const nested = withActor(3, () =>
      fillAuditFields('User', 'update', { data: { updatedLeads: { create: { name: 'x' } } } }),
    )
    assert.deepEqual(nested.data, { updatedLeads: { create: { name: 'x' } } })
  })

  it('fills a plain column in either form', () => {
    const { fillAuditFields, withActor } = load(auditedOf(PLAIN, { fields: { updatedBy: { relation: false } } }))
    const fill = (data: object) => withActor('u', () => fillAuditFields('Lead', 'create', { data }).data)
    assert.deepEqual(fill({ companyId: 1 }), { companyId: 1, updatedBy: 'u' })
    assert.deepEqual(fill({ company: { create: {} } }), { company: { create: {} }, updatedBy: 'u' })
  })

  it('takes models and fields that are called as what every object has, and nothing from the prototype of a request', () => {
    const strange = `
model User {
  id Int @id
  valueOf toString[] @relation("by")
}
model constructor {
  id Int @id
  hasOwnProperty toString[]
}
model toString {
  id Int @id
  name String
  propertyIsEnumerable Int?
  toLocaleString constructor? @relation(fields: [propertyIsEnumerable], references: [id])
  updatedById Int?
  isPrototypeOf User? @relation("by", fields: [updatedById], references: [id])
}
model Bare {
  id Int @id
}`
    const { fillAuditFields, withActor } = load(
      auditedOf(strange, { rules: [{ models: ['toString'], require: ['updatedBy'] }] }),
    )
    const fill = (model: string, data: unknown) =>
      withActor(3, () => fillAuditFields(model, 'create', { data }).data) as Record<string, unknown>
    assert.deepEqual(fill('toString', { name: 'x' }), { name: 'x', updatedById: 3 })
    const connected = { toLocaleString: { connect: { id: 1 } } }
    assert.deepEqual(fill('toString', connected), { ...connected, isPrototypeOf: { connect: { id: 3 } } })
    assert.deepEqual(fill('constructor', { hasOwnProperty: { create: [{ name: 'x' }] } }), {
      hasOwnProperty: { create: [{ name: 'x', updatedById: 3 }] },
    })
    assert.deepEqual(fill('constructor', {}), {})
    for (const other of ['valueOf', 'hasOwnProperty', 'Bare']) assert.deepEqual(fill(other, { id: 1 }), { id: 1 })
    // What Prisma would refuse as an unknown field must not be let in by the copy.
    const request: unknown = JSON.parse('{ "name": "x", "__proto__": { "role": "admin" } }')
    const filled = fill('toString', request)
    assert.deepEqual(Object.keys(filled), ['name', '__proto__', 'updatedById'])
    assert.equal(filled.role, undefined)
  })

  it('fills beside a JSON value that a request may hold, whatever its names, and what an object answers to toJSON', () => {
    const { fillAuditFields, withActor } = load(auditedOf(LEADS))
    const fill = (model: string, data: unknown) =>
      withActor(3, () => fillAuditFields(model, 'update', { data }).data) as Record<string, unknown>
    // `Prisma.skip` is known by its method of this name.
    const meta = { ifUndefined: 1 }
    assert.deepEqual(fill('Lead', { meta }), { meta, updatedById: 3 })
    assert.deepEqual(fill('Lead', { ifUndefined: 'a field' }), { ifUndefined: 'a field', updatedById: 3 })
    const skip = new (class {
      ifUndefined(): this {
        return this
      }
    })()
    assert.deepEqual(fill('Lead', { name: skip }), { name: skip })
    class Draft {
      readonly #name = 'x'
      toJSON(): object {
        return { name: this.#name }
      }
    }
    const written = { name: 'x', updatedById: 3 }
    assert.deepEqual(fill('Lead', new Draft()), written)
    assert.deepEqual(fill('Lead', { name: 'y', toJSON: () => ({ name: 'x' }) }), written)
    const many = withActor(3, () => fillAuditFields('Lead', 'createMany', { data: [new Draft()] }).data)
    assert.deepEqual(many, [written])
    const held = { toJSON: () => ({ create: [new Draft()] }) }
    assert.deepEqual(fill('User', { updatedLeads: held }), { updatedLeads: { create: [{ name: 'x' }] } })
  })

  it('names what it does not fill, and leaves out what a write cannot reach', () => {
    const schema = `${LEADS}
      model Note {
  id Int @id
        updatedBy String
      }
      model Bare {
  id Int @id
}
      model Hidden {
  id Int @id
        updatedById Int
        @@ignore }`
    const { models, left } = auditedOf(schema, { rules: [{ models: ['*', '!User'], require: ['updatedBy'] }] })
    assert.deepEqual([...models.keys()], ['User', 'Lead'])
    assert.deepEqual(left, [
      { model: 'Bare', field: 'updatedBy', why: 'not in the schema' },
      { model: 'Hidden', field: 'updatedBy', why: 'ignored by Prisma Client' },
      { model: 'Note', field: 'updatedBy', why: 'it does not have the type of a user key' },
    ])
  })

  it('never takes what another model, another field of the user or a type beside it gives a meaning', () => {
    const user =
      'model User {\n  id Int @id\n  legacy Int @unique\n  leads Lead[]\n}\nmodel Team {\n  id Int @id\n  teamLeads Lead[]\n}\n'
    const leftOf = (fields: string, policy: object = {}) =>
      auditedOf(`${user}model Lead {\n  id Int @id\n${fields}\n}`, policy).left.map(({ why }) => why)
    const relation = (model: string, field: string) =>
      `  updatedById Int?\n  updatedBy ${model}? @relation(fields: [updatedById], references: [${field}])`
    assert.deepEqual(leftOf(relation('User', 'id')), [])
    assert.deepEqual(leftOf(relation('Team', 'id')), ['it does not reference a user'])
    assert.deepEqual(leftOf(relation('User', 'legacy')), ['it references a field other than the user key'])
    assert.deepEqual(leftOf('  updatedById Int\n  updatedByType String'), ['it does not reference a user'])
    // Users that another service keeps, beside a model of that name.
    assert.deepEqual(leftOf('  updatedBy String', { fields: { updatedBy: { relation: false } } }), [])
  })

  it('is renewed between its marks, and only there', () => {
    const written = renderModule(auditedOf(LEADS), form({ language: 'typescript' }))
    const own = written.replace("'throw' as", "'leave' as").replaceAll('\n', '\r\n')
    const later = auditedOf(LEADS.replace('name String', 'name String\n  createdById Int?'), {
      rules: [{ models: ['Lead'], require: ['updatedBy', 'createdBy'] }],
    })
    const renewed = renewModels(own, later) ?? ''
    assert.match(renewed, /createdById/)
    assert.match(renewed, /'leave' as/)
    assert.doesNotMatch(renewed, /[^\r]\n/)
    assert.equal(renewModels(renewed, later), renewed)
    const formatted = renewed
      .replaceAll('\r\n', '\n')
      .replace(/^(\s*)\{ (scalar.*?) \},$/gm, '$1{\n$1  $2,\n$1},')
      .replaceAll("'", '"')
      .replace(/(\n\/\/ <\/prisma-audit models>)/, ';$1')
    assert.notEqual(formatted, renewed)
    assert.equal(renewModels(formatted, later), formatted)
    assert.equal(renewModels('export const mine = 1', later), null)
  })

  it('takes names that Prisma rejects, and a folder of any name, as names', () => {
    const schema = `${LEADS.replaceAll('Lead', '__proto__')}
model a-b.c {
  id Int @id
  constructor __proto__[]
  updatedById Int?
  updatedBy User? @relation(fields: [updatedById], references: [id])
}`
    const audited = auditedOf(schema, { rules: [{ models: ['*'], require: ['updatedBy'] }] })
    const { fillAuditFields, withActor } = load(audited)
    for (const model of ['__proto__', 'a-b.c']) {
      const { data } = withActor(7, () => fillAuditFields(model, 'create', { data: {} }))
      assert.deepEqual(data, { updatedById: 7 }, model)
    }
    const policy = parsePolicy('{}').policy!
    const specifier = `../it's\n'; process.exit(9); '/audit-actor`
    const test = renderTest(audited, { schema: parseSchema([]), policy }, specifier, form({ modules: 'esm' }))
    const { program } = parse(test, { sourceType: 'module' })
    assert.ok(program.body.some((node) => node.type === 'ImportDeclaration' && node.source.value === specifier))
    assert.doesNotMatch(test, /^'; process/m)
  })

  it('is looked for in time, in a file that has a million beginnings and no end', () => {
    const begin = '// <prisma-audit models>\nconst MODELS = \n'
    assert.equal(renewModels(begin.repeat(200_000), auditedOf(LEADS)), null)
  })

  it('comes with lines for the frameworks of a project, which docs/actor.md has, too', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'docs', 'actor.md'), 'utf8')
    for (const { name, lines } of FRAMEWORKS) {
      for (const line of lines.filter((each) => !each.startsWith('// main')))
        assert.ok(page.includes(line), `${name}: ${line}`)
    }
    for (const framework of FRAMEWORKS) {
      const script = linesFor(framework, 'javascript', 'string').join('\n')
      assert.doesNotThrow(() => parse(script, { sourceType: 'module' }), framework.name)
      const typed = linesFor(framework, 'typescript', 'string').join('\n')
      assert.equal(typed.includes('{ id: string }'), framework.name === 'NestJS')
    }
    const names = (...dependencies: string[]) => frameworksOf(dependencies).map(({ name }) => name)
    assert.deepEqual(names('@nestjs/core', 'express', 'next'), ['NestJS', 'Next.js'])
    assert.deepEqual(names('hono', 'left-pad'), ['Hono'])
    assert.deepEqual(names('@nestjs/core', '@nestjs/platform-fastify', 'fastify'), ['NestJS with Fastify'])
    const both = ['@nestjs/platform-express', '@nestjs/platform-fastify']
    assert.deepEqual(names('@nestjs/core', ...both), ['NestJS', 'NestJS with Fastify'])
  })
})

const PLAIN = `
model Company {
  id Int @id
  leads Lead[]
}
model Lead {
  id Int @id
  companyId Int
  company Company @relation(fields: [companyId], references: [id])
  updatedBy String?
}`
