import path from 'node:path'
import type { AuditedModels } from '../actor/audited-models'
import { frameworksOf, linesFor, type Framework } from '../actor/frameworks'
import { quoted, type ModuleForm } from '../actor/render-module'
import type { ApplicationCode, ClientPlace } from '../actor/search-application'
import { readTextIfFit } from '../files/bounded-files'
import type { Project } from '../project/project'
import { boundedList } from '../text/bounded-list'
import { DOCUMENTATION } from '../text/documentation'
import { moduleForm, requiredEnding } from './module-form'
import { contentOf, packageAround } from './package-content'

/** How to put the module in `file` on the client, and to run each request as its user. */
export function howToUse(
  project: Project,
  file: string,
  code: ApplicationCode,
  { userId }: Pick<AuditedModels, 'userId'>,
): string[] {
  const [client] = code.clients
  const form = moduleForm(file)
  const specifier = client === undefined ? './audit-actor' : importPath({ like: client.file, from: client.file }, file)
  const users = packagesThatUse(project, code)
  const packages = [project.root, ...code.clients.map(({ file: made }) => path.dirname(made))]
    .map((folder) => packageAround(folder, project.paths.applicationRoot))
    .concat(users)
  return [
    '',
    client === undefined
      ? 'Add it where the application creates the client:'
      : `Add it to the client, in ${placeOf(project, client)}:`,
    ...importLines(form, specifier),
    ...(client?.isClass === true ? LINES_IN_CLASS : ['  const db = withAuditFields(new PrismaClient(…))']),
    ...otherClients(project, code.clients.slice(1)),
    ...(users.length === 0 ? [] : ['', `Export withActor for ${shown(project, users)}:`, exportLine(form, specifier)]),
    ...frameworksIn(packages).flatMap((framework) => [
      '',
      `${framework.name}: run each request as its user:`,
      ...linesFor(framework, form.language, userId).map((line) => `  ${line}`.trimEnd()),
    ]),
    '',
    'Queues, crons and scripts: withActor(userId, () => …), or db.$as(userId).',
    `Prisma Client extensions do not see raw SQL, connect and set: ${DOCUMENTATION}/actor.md`,
    '',
  ]
}

function otherClients(project: Project, clients: readonly ClientPlace[]): string[] {
  const places = clients.filter(({ isScript }) => !isScript).map((client) => placeOf(project, client))
  if (places.length === 0) return []
  const listed = boundedList(places, MOST_OTHERS, 'clients')
  return ['', 'Each client needs it. Other clients:', ...listed.map((line) => `  ${line}`)]
}

const MOST_OTHERS = 5

function placeOf({ paths }: Project, { file, line }: ClientPlace): string {
  return `${paths.display(file)}:${String(line)}`
}

function shown({ paths }: Project, folders: readonly string[]): string {
  return folders.map((folder) => paths.display(folder)).join(', ')
}

/** By package: an application with Express may stand beside one with NestJS, which installs Express. */
function frameworksIn(packages: readonly string[]): readonly Framework[] {
  return [...new Set(packages.flatMap((folder) => frameworksOf(contentOf(folder).dependencies)))]
}

/** The packages of a monorepo that depend on one with a client: their requests have the users. */
function packagesThatUse({ paths }: Project, { clients, packages }: ApplicationCode): readonly string[] {
  const made = new Set(clients.map(({ file }) => packageAround(path.dirname(file), paths.applicationRoot)))
  const names = new Set([...made].map((folder) => contentOf(folder).name))
  return packages.filter(
    (folder) => !made.has(folder) && contentOf(folder).dependencies.some((name) => names.has(name)),
  )
}

/** The extended client inherits from the instance, and so has the methods and properties of the class. */
const LINES_IN_CLASS = [
  ...['  constructor() {', '    super(…)', '    return withAuditFields(this) // last, after any $on', '  }'],
]

function importLines({ language, modules }: Pick<ModuleForm, 'language' | 'modules'>, specifier: string): string[] {
  if (modules === 'esm') return [`  import { withActor, withAuditFields } from ${quoted(specifier)}`]
  if (language === 'javascript') return [`  const { withActor, withAuditFields } = require(${quoted(specifier)})`]
  return [`  import audit = require(${quoted(specifier)})`, '  const { withActor, withAuditFields } = audit']
}

function exportLine({ language, modules }: Pick<ModuleForm, 'language' | 'modules'>, specifier: string): string {
  if (modules === 'esm') return `  export { withActor } from ${quoted(specifier)}`
  return language === 'javascript' ? '  exports.withActor = withActor' : '  export = { …, withActor }'
}

/**
 * The specifier of the module in the file `from`, in the style of the imports in `like`, with or without an extension.
 */
export function importPath({ like, from }: { readonly like: string; readonly from: string }, file: string): string {
  const relative = path.relative(path.dirname(from), file).split(path.sep).join('/')
  const source = readTextIfFit(like) ?? ''
  const [, ending = requiredEnding(from)] = /(?:from\s+|require\()['"]\.[^'"]*?(\.[cm]?[jt]s)['"]/.exec(source) ?? []
  const plain = relative.replace(/\.[cm]?[jt]s$/, '')
  return `${plain.startsWith('.') ? '' : './'}${plain}${/\.[cm]?js$/.test(file) ? path.extname(file) : ending}`
}
