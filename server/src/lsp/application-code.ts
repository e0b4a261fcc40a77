import type { CodeAction, Connection, Diagnostic, Range } from 'vscode-languageserver'
import {
  CodeActionKind,
  CodeActionRequest,
  DiagnosticSeverity,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  TextDocumentSyncKind,
} from './protocol'
import { ApplicationSearch, type FoundEdits } from '../application/search/application-search'
import { isSourceName, SOURCE_GLOB } from '../application/source-names'
import type { ApplicationEdit, CodeModels } from '../application/model'
import { codeModels } from '../application/model-additions'
import type { Policy } from '../audit-fields/policy'
import { presentField } from '../audit-fields/present-fields'
import { requiredAuditFields } from '../audit-fields/requirements'
import type { Project } from '../project/project'
import { isInside } from '../platform/inside'
import { DOCUMENTATION } from '../text/documentation'
import { textDigest } from '../schema/edits/text-digest'
import type { TextEdit } from '../schema/edits/text-edit'
import { modelsOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import { lineOf, LIMITS } from '../text/safe-text'
import type { Translate } from '../text/translate'
import type { ServerLog } from './log'
import { overlaps } from './ranges'
import { silencing } from './silence-place'
import { uriOfPath } from './uris'
import { toVersionedEdit, toWorkspaceEdit } from './workspace-edit'

/** Milliseconds without a keystroke before a file is searched. */
const PAUSE = 200

const CODE = 'application-field-missing'

const APPLICATION_PAGE = `${DOCUMENTATION}/application.md`

interface OpenFile {
  text: string
  version: number
  timer: NodeJS.Timeout | null
  /** The diagnostics last sent to the editor, as JSON, so that equal ones are not sent again. */
  sent: string
}

/** The search of one project; it runs while a file of its code is open. */
interface Searching {
  readonly search: ApplicationSearch
  /** What it searches for, as JSON; another schema or policy needs another search. */
  readonly wanted: string
  edits: readonly ApplicationEdit[]
  hasFailed: boolean
}

interface Wanted {
  readonly models: CodeModels
  readonly asJson: string
}

/**
 * Marks code in the application's open files that lacks audit fields the schema has, and offers the edits. Only for
 * projects with a policy: without one, no application file is requested from the editor. Files are read in a worker
 * thread.
 */
export class ApplicationCode {
  private readonly open = new Map<string, OpenFile>()
  private readonly searching = new Map<Project, Searching>()
  private hasAsked = false
  private readonly wanted = new WeakMap<SchemaModel, { readonly policy: Policy; readonly wanted: Wanted | null }>()
  /** Whether the editor can be asked for the documents of the application. */
  canRegister = false
  /** Whether the editor checks the version of the document that an edit is for. */
  canCheckVersions = false

  constructor(
    private readonly connection: Connection,
    private readonly openProjects: () => readonly Project[],
    private readonly t: Translate,
    private readonly log: ServerLog,
  ) {}

  /**
   * Called when the schema, the policy or the projects change. That is each keystroke in a schema, so it only takes
   * notes.
   */
  refresh(): void {
    if (!this.hasAsked && this.openProjects().some(({ policy }) => policy !== null)) this.askForDocuments()
    for (const file of this.open.keys()) this.lookSoon(file)
  }

  changed(file: string, text: string, version: number): void {
    const before = this.open.get(file)
    this.open.set(file, { text, version, timer: before?.timer ?? null, sent: before?.sent ?? '[]' })
    this.lookSoon(file, before === undefined ? 0 : PAUSE)
  }

  closed(file: string): void {
    const closed = this.open.get(file)
    if (closed === undefined) return
    if (closed.timer !== null) clearTimeout(closed.timer)
    this.send(file, closed, [])
    this.open.delete(file)
    const project = this.projectOf(file)
    const isLast = project !== null && ![...this.open.keys()].some((other) => this.projectOf(other) === project)
    if (isLast) this.end(project)
  }

  close(): void {
    for (const { timer } of this.open.values()) if (timer !== null) clearTimeout(timer)
    for (const { search } of this.searching.values()) search.dispose()
    this.open.clear()
    this.searching.clear()
  }

  /**
   * The quick fixes at a range, for the text as it is now; null if the file is not an open file of an application.
   * Until a changed text is searched, it has none.
   */
  codeActions(file: string, range: Range): CodeAction[] | null {
    const opened = this.open.get(file)
    if (opened === undefined) return null
    const project = this.projectOf(file)
    const digest = textDigest(opened.text)
    const edits = this.likelyEdits(project, file).filter(({ madeFor }) => madeFor === digest)
    const here = edits.filter(({ place }) => overlaps(place, range))
    if (project?.paths.mayWrite([file]) !== true) return []
    const [first] = here
    if (first === undefined) return []
    const action = (
      title: string,
      edits: readonly TextEdit[],
      solved: readonly ApplicationEdit[],
      isPreferred = false,
    ): CodeAction => this.action(title, edits, { opened, solved, isPreferred })
    const fixes = here.map((edit) => action(edit.title, [edit], [edit], true))
    const all = edits.length > 1 ? [action(this.t('Add the audit fields in this file'), edits, here)] : []
    return [...fixes, ...all, action(this.t('Ignore here'), [silencing(opened.text, first)], [first])]
  }

  private action(
    title: string,
    edits: readonly TextEdit[],
    { opened, solved, isPreferred }: { opened: OpenFile; solved: readonly ApplicationEdit[]; isPreferred: boolean },
  ): CodeAction {
    const diagnostics = solved.map((edit) => this.diagnostic(edit))
    const edit = this.canCheckVersions ? toVersionedEdit(edits, () => opened.version) : toWorkspaceEdit(edits)
    return { title: lineOf(title, LIMITS.title), kind: CodeActionKind.QuickFix, diagnostics, edit, isPreferred }
  }

  private lookSoon(file: string, milliseconds: number = PAUSE): void {
    const opened = this.open.get(file)
    if (opened === undefined) return
    if (opened.timer !== null) clearTimeout(opened.timer)
    opened.timer = setTimeout(() => {
      opened.timer = null
      this.look(file, opened.text).catch((error: unknown) => this.log.failure('the search of the application', error))
    }, milliseconds)
  }

  private async look(file: string, text: string): Promise<void> {
    const project = this.projectOf(file)
    const wanted = project === null ? null : this.wantedOf(project)
    if (project === null || wanted === null) {
      if (project !== null) this.end(project)
      this.publish(project)
      return
    }
    const known = this.searching.get(project)
    const isSame = known?.wanted === wanted.asJson
    if (!isSame) this.end(project)
    const searching: Searching = isSame
      ? known
      : { search: new ApplicationSearch(), wanted: wanted.asJson, edits: known?.edits ?? [], hasFailed: false }
    this.searching.set(project, searching)
    if (searching.hasFailed) return
    let found: FoundEdits
    try {
      found = await (isSame
        ? searching.search.changed(file, text)
        : this.searchAll(project, wanted.models, searching.search))
    } catch (error) {
      // A search that we ended did not fail. A failed one is not repeated: it would fail again at each keystroke.
      if (this.searching.get(project) !== searching) return
      searching.hasFailed = true
      throw error
    }
    // The schema changed during the search, or the file was closed.
    if (this.searching.get(project) !== searching) return
    searching.edits = found.edits
    this.publish(project)
  }

  private async searchAll(project: Project, models: CodeModels, search: ApplicationSearch): Promise<FoundEdits> {
    const openTexts = new Map([...this.open].map(([file, { text }]) => [file, text]))
    const { paths, location } = project
    return await search.edits({ root: paths.applicationRoot, schemaPath: location.schemaPath, models, openTexts })
  }

  private end(project: Project): void {
    this.searching.get(project)?.search.dispose()
    this.searching.delete(project)
  }

  /** What the project's code may lack; null without a policy or if the schema has no audit fields yet. */
  private wantedOf({ policy, schema, otherLanguage }: Project): Wanted | null {
    if (policy === null || otherLanguage !== null) return null
    const known = this.wanted.get(schema)
    if (known?.policy === policy) return known.wanted
    const models = modelsOfSchema(schema, policy)
    const audited = [...models.values()].filter(({ members }) => members.length > 0)
    const asJson = JSON.stringify(
      audited.map(({ model, members, scalarFields }) => [model, members, [...scalarFields]]),
    )
    const wanted = audited.length === 0 ? null : { models, asJson }
    this.wanted.set(schema, { policy, wanted })
    return wanted
  }

  private publish(project: Project | null): void {
    for (const [file, opened] of this.open) {
      if (this.projectOf(file) === project) this.send(file, opened, this.likelyEdits(project, file))
    }
  }

  private send(file: string, opened: OpenFile, edits: readonly ApplicationEdit[]): void {
    const diagnostics = edits.map((edit) => this.diagnostic(edit))
    const sent = JSON.stringify(diagnostics)
    if (sent === opened.sent) return
    opened.sent = sent
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics })
  }

  private likelyEdits(project: Project | null, file: string): ApplicationEdit[] {
    const edits = project === null ? [] : (this.searching.get(project)?.edits ?? [])
    return edits.filter((edit) => edit.file === file && edit.isTicked)
  }

  private diagnostic({ place, names, model, kind }: ApplicationEdit): Diagnostic {
    const fields = names.join(', ')
    const message =
      kind === 'breaks'
        ? this.t('Does not compile with the generated client: {0} has {1}.', model, fields)
        : this.t('{0} has {1}, which is not shown here.', model, fields)
    return {
      range: place,
      severity: DiagnosticSeverity.Information,
      code: CODE,
      codeDescription: { href: `${APPLICATION_PAGE}#in-the-editor` },
      source: 'prisma-audit',
      message: lineOf(message, LIMITS.message),
    }
  }

  /** The project that contains the file: the innermost one around it, otherwise any that was opened with it. */
  private projectOf(file: string): Project | null {
    const around = this.openProjects().filter((project) => isInside(project.paths.applicationRoot, file))
    const nearness = (project: Project) => (isInside(project.root, file) ? project.root.length : 0)
    return around.sort((a, b) => nearness(b) - nearness(a))[0] ?? null
  }

  /** Without a policy, no application files are requested. If the editor refuses, nothing is shown. */
  private askForDocuments(): void {
    if (this.hasAsked || !this.canRegister) return
    this.hasAsked = true
    const documentSelector = [{ scheme: 'file', pattern: SOURCE_GLOB }]
    const { client } = this.connection
    void Promise.all([
      client.register(CodeActionRequest.type, { documentSelector, codeActionKinds: [CodeActionKind.QuickFix] }),
      client.register(DidChangeTextDocumentNotification.type, {
        documentSelector,
        syncKind: TextDocumentSyncKind.Incremental,
      }),
      client.register(DidCloseTextDocumentNotification.type, { documentSelector }),
      // A command that edited an open file waits until it is saved.
      client.register(DidSaveTextDocumentNotification.type, { documentSelector, includeText: false }),
      client.register(DidOpenTextDocumentNotification.type, { documentSelector }),
    ]).catch(() => undefined)
  }
}

export function isApplicationFile(file: string): boolean {
  return isSourceName(file) && !/[/\\]node_modules[/\\]/.test(file)
}

/** Only fields that the schema has: code with other fields would not compile. */
function modelsOfSchema(schema: SchemaModel, policy: Policy): CodeModels {
  const models = new Map(modelsOf(schema).map(({ model }) => [model.name.text, model]))
  const there = requiredAuditFields(schema, policy).filter(({ model, field }) => {
    const block = models.get(model)
    return block !== undefined && presentField(policy, block, field) !== null
  })
  return codeModels(schema, policy, there)
}
