import path from 'node:path'
import { auditedModels, type AuditedModels } from '../actor/audited-models'
import { clientsOfApplication } from '../actor/clients-of-application'
import { fileTaken, keyUnfit, nothingToFill } from '../actor/errors'
import { TEST_MARK } from '../actor/marks'
import { isAsWritten, renderModule, renewModels, type ModuleForm, type WithoutActor } from '../actor/render-module'
import { renderTest, runnerOf, testRunnerOf, type TestRunner } from '../actor/render-test'
import type { ApplicationCode, ClientPlace } from '../actor/search-application'
import { readTextIfFit } from '../files/bounded-files'
import type { Project } from '../project/project'
import { textDigest } from '../schema/edits/text-digest'
import { text, textOf, type SafeText } from '../text/safe-text'
import { createFile, deleteFile, replaceFile } from '../files/written-paths'
import { howToUse, importPath } from './actor-lines'
import type { CommandOutcome, Interaction } from './interaction'
import { moduleForm } from './module-form'
import { packageAround, packagesAround } from './package-content'
import { findsOnlySpecs } from './test-patterns'
import { searchProject } from './search-project'

export interface ActorOptions {
  /** Absolute; null asks, and suggests the folder of the client first. */
  readonly output: string | null
  /** Null: the language of the project. */
  readonly language: ModuleForm['language'] | null
  readonly withoutActor: WithoutActor
  /** Also write a test of the module. */
  readonly test: boolean
}

export const ACTOR_DEFAULTS: ActorOptions = { output: null, language: null, withoutActor: 'throw', test: false }

/**
 * Writes the module that fills the user fields into the project, or updates its list of models if it exists, and shows
 * how to add it to the client. It needs no database.
 */
export async function actorCommand(
  project: Project,
  interaction: Interaction,
  options: ActorOptions,
): Promise<CommandOutcome> {
  const schema = project.requireSchema()
  const audited = auditedModels(schema, project.policyFile.require())
  if (audited.fieldNames.length === 0) throw nothingToFill()
  requireFit(options.withoutActor, audited)
  const { t } = interaction
  interaction.progress(t('Searching the code for Prisma Client'))
  const code = await searchProject(project, interaction)
  for (const { model, field, why } of audited.left) interaction.output(text`Not filled: ${model}.${field}, ${why}.`)
  const writeTest = (file: string): string[] =>
    options.test ? [writeOwnTest(project, interaction, { audited, code, file })] : []
  const [known] = options.output === null ? code.modules : code.modules.filter((file) => file === options.output)
  if (known !== undefined) {
    if (options.test) requireOwnTest(project, known)
    const renewed = await renew(project, interaction, audited, known, code)
    const changed = renewed.opens === undefined ? [] : [known]
    sayHowToFormat(project, interaction, [...changed, ...writeTest(known)])
    return renewed
  }

  const file = options.output ?? (await chooseFile(project, interaction, options, code))
  if (file === null) return { status: 'cancelled', message: t('Nothing was written.') }
  if (project.readFile(file) !== null) throw fileTaken(project.paths.display(file))
  if (options.test) requireOwnTest(project, file)
  const form: ModuleForm = { ...moduleForm(file), withoutActor: options.withoutActor }
  createFile(project.paths.resolveWritable(file), renderModule(audited, form))
  sayHowToFormat(project, interaction, [file, ...writeTest(file)])
  interaction.output(textOf(howToUse(project, file, code, audited)))
  const fields = audited.fieldNames.join(', ')
  return {
    status: 'done',
    message: t('Wrote {0}. It fills {1} once the client uses it.', project.paths.display(file), fields),
    opens: file,
  }
}

/** Our files have our format, at which an ESLint that runs Prettier stops. */
function sayHowToFormat({ paths }: Project, interaction: Interaction, files: readonly string[]): void {
  const isFormatted = (file: string): boolean =>
    packagesAround(file, paths.applicationRoot).some(({ dependencies }) => dependencies.includes('prettier'))
  if (!files.some(isFormatted)) return
  const shown = files.map((file) => paths.display(file)).join(' ')
  interaction.output(text`Format as your code: npx prettier --write ${shown}`)
}

/** Where the test of the module is, and who runs it. */
function testOf(project: Project, file: string): { readonly test: string; readonly runner: TestRunner } {
  const top = project.paths.applicationRoot
  const dependencies = packagesAround(file, top).flatMap((found) => found.dependencies)
  const runner = testRunnerOf(dependencies)
  const isSpec = runner !== 'node' && findsOnlySpecs([packageAround(path.dirname(file), top), top])
  return { test: besideModule(file, isSpec ? 'spec' : 'test'), runner }
}

function besideModule(file: string, kind: 'test' | 'spec'): string {
  return file.replace(/(\.[cm]?[jt]s)$/, `.${kind}$1`)
}

/** Throws if another file has the name of the test, before anything is written. */
function requireOwnTest(project: Project, file: string): void {
  const { test } = testOf(project, file)
  const existing = project.readFile(test)
  if (existing !== null && !existing.includes(TEST_MARK)) throw fileTaken(project.paths.display(test))
}

/** Overwrites an existing test, because it is generated from the schema alone; returns where it is. */
function writeOwnTest(
  project: Project,
  interaction: Interaction,
  { audited, code, file }: { readonly audited: AuditedModels; readonly code: ApplicationCode; readonly file: string },
): string {
  const { test, runner } = testOf(project, file)
  const [client] = code.clients
  const specifier = importPath({ like: client?.file ?? file, from: test }, file)
  const sources = { schema: project.schema, policy: project.policyFile.require() }
  const form = moduleForm(file)
  const source = renderTest(audited, sources, specifier, form, runner)
  const writable = project.paths.resolveWritable(test)
  if (project.readFile(test) === null) createFile(writable, source)
  else replaceFile(writable, source)
  const shown = project.paths.display(test)
  interaction.output(text`Wrote ${shown}: run it with ${runnerOf(specifier, form, runner)} ${shown}`)
  return test
}

/** What a run leaves to the user; null for what there is not. */
export interface ActorRest {
  /** The sentence that suggests the module: the workspace creates a client and has no module. */
  readonly offer: SafeText | null
  /** The sentence that says where to add the module: no client uses it yet, so it fills nothing. */
  readonly toAdd: string | null
}

export async function actorRest(
  project: Project,
  { signal, t }: Pick<Interaction, 'signal' | 't'>,
): Promise<ActorRest> {
  const nothing: ActorRest = { offer: null, toAdd: null }
  const { policy } = project
  if (policy === null) return nothing
  const { fieldNames } = auditedModels(project.schema, policy)
  if (fieldNames.length === 0) return nothing
  const { clients, modules, isModuleUsed } = await searchProject(project, { signal })
  const [file] = modules
  if (file !== undefined)
    return isModuleUsed ? nothing : { offer: null, toAdd: whereToAdd(project, t, file, clients[0]) }
  if (clients.length === 0) return nothing
  const offer = text`To fill ${fieldNames.join(', ')} in every write of the application, run prisma-audit actor (Fill Audit Fields Automatically).`
  return { offer, toAdd: null }
}

function whereToAdd({ paths }: Project, t: Interaction['t'], file: string, client: ClientPlace | undefined): string {
  const module = paths.display(file)
  if (client === undefined) return t('To do: add {0} to the client; nothing uses it yet.', module)
  const place = `${paths.display(client.file)}:${String(client.line)}`
  return t('To do: add {0} to the client in {1}; nothing uses it yet.', module, place)
}

/**
 * After a rollback, updates the models in an existing module, which would otherwise fill dropped fields, or offers to
 * delete one that no file uses, as the run left it. Returns whether it changed.
 */
export async function renewActor(project: Project, interaction: Interaction): Promise<boolean> {
  const { policy } = project
  if (policy === null) return false
  interaction.progress(interaction.t('Searching the code for Prisma Client'))
  const code = await searchProject(project, interaction)
  const [file] = code.modules
  if (file === undefined || !project.paths.mayWrite([file])) return false
  const audited = auditedModels(project.schema, policy)
  const isUnused = code.isWhole && !code.isModuleUsed
  if (isUnused && (await offerToDelete(project, interaction, file, audited))) return true
  const { message, opens } = await renew(project, interaction, audited, file, { ...code, isModuleUsed: true })
  interaction.output(text`${message}`)
  return opens !== undefined
}

/** Only a module that is as we wrote it. Its test goes with it. */
async function offerToDelete(
  project: Project,
  interaction: Interaction,
  file: string,
  { fieldNames }: AuditedModels,
): Promise<boolean> {
  const { t } = interaction
  const shown = project.paths.display(file)
  const unsaved = await interaction.unsavedTexts()
  if (unsaved.has(file) || !isAsWritten(project.readFile(file) ?? '', moduleForm(file))) return false
  const answer = await interaction.confirm({
    message: t('Delete {0}, which no other file uses?', shown),
    detail: [
      t('It has not changed since Prisma Audit wrote it.'),
      fieldNames.length === 0
        ? t('It has no fields left to fill.')
        : t('It can still fill {0}, which the schema had before.', fieldNames.join(', ')),
    ],
    choices: [
      { id: 'delete', label: t('Delete') },
      { id: 'keep', label: t('Keep'), isCancel: true },
    ],
    yes: fieldNames.length === 0 ? 'delete' : 'keep',
  })
  if (answer !== 'delete') return false
  const tests = [besideModule(file, 'test'), besideModule(file, 'spec')].filter(
    (test) => !unsaved.has(test) && project.readFile(test)?.includes(TEST_MARK) === true,
  )
  for (const each of [...tests, file]) {
    deleteFile(project.paths.resolveWritable(each))
    interaction.output(text`Deleted ${project.paths.display(each)}.`)
  }
  return true
}

/** The text between the marks is generated; the rest of the file is the user's. */
async function renew(
  project: Project,
  interaction: Interaction,
  audited: AuditedModels,
  file: string,
  code: ApplicationCode,
): Promise<CommandOutcome> {
  const { t } = interaction
  const shown = project.paths.display(file)
  const unsaved = await interaction.unsavedTexts()
  const before = unsaved.get(file) ?? project.readFile(file) ?? ''
  const after = renewModels(before, audited)
  if (after === null) throw fileTaken(shown)
  if (!code.isModuleUsed) interaction.output(textOf(howToUse(project, file, code, audited)))
  if (after === before) return { status: 'done', message: t('{0} is up to date with the schema.', shown) }
  project.paths.requireWritable([file])
  const lines = before.split(/\r\n|\n|\r/)
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
  const range = { start: { line: 0, character: 0 }, end }
  const edit = { file, range, newText: after, madeFor: textDigest(before) }
  await interaction.applyEdits([edit], t('Update the models in {0}', shown))
  return { status: 'done', message: t('Updated the models in {0}.', shown), opens: file }
}

async function chooseFile(
  project: Project,
  interaction: Interaction,
  options: ActorOptions,
  code: ApplicationCode,
): Promise<string | null> {
  const files = placesFor(project, options, code).map((file) => ({ id: file, label: project.paths.display(file) }))
  const [first] = files
  return await interaction.confirm({
    message: interaction.t('Where should the module that fills the audit fields go?'),
    detail: [interaction.t('It is a single file without dependencies. You can edit it.')],
    choices: files,
    yes: first?.id ?? null,
  })
}

/** Next to the application's files that create a client, otherwise in the source folder of the package; at most three. */
function placesFor(project: Project, { language }: ActorOptions, code: ApplicationCode): string[] {
  const { applicationRoot: root } = project.paths
  const place = { root, schemaPath: project.location.schemaPath, packages: code.packages }
  const clients = clientsOfApplication(code.clients, place)
  const own = packageAround(project.root, root)
  const hasTypes = readTextIfFit(path.join(own, 'tsconfig.json')) !== null
  const fallback = clients.length > 0 ? [] : [path.join(own, 'src'), own]
  const folders = [
    ...clients.map(({ file }) => ({ folder: path.dirname(file), like: file })),
    ...fallback.map((folder) => ({ folder, like: hasTypes ? 'x.ts' : 'x.js' })),
  ]
  const files = folders.map(({ folder, like }) => {
    const isTypeScript = language === null ? /\.[cm]?tsx?$/.test(like) : language === 'typescript'
    return path.join(folder, `audit-actor${isTypeScript ? '.ts' : '.js'}`)
  })
  return [...new Set(files)].slice(0, MOST_CHOICES)
}

const MOST_CHOICES = 3

function requireFit(withoutActor: WithoutActor, { userId }: AuditedModels): void {
  if (typeof withoutActor === 'string') return
  if (userId !== 'string' && !/^-?\d{1,18}$/.test(withoutActor.use)) throw keyUnfit(withoutActor.use, userId)
}
