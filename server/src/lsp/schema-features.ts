import path from 'node:path'
import type {
  ClientCapabilities,
  CodeLens,
  CompletionItem,
  Connection,
  Hover,
  InlayHint,
  Position,
  Range,
  ServerCapabilities,
} from 'vscode-languageserver'
import { CodeLensRefreshRequest, CompletionItemKind, InlayHintRefreshRequest, MarkupKind } from './protocol'
import type { Finding } from '../audit/finding'
import { describeField } from '../editor/describe-field'
import { describeEnum, describeModel } from '../editor/describe-model'
import { ignoreWords } from '../editor/ignore-completion'
import { policyCompletions } from '../editor/policy-completion'
import { modelLens } from '../editor/model-lens'
import { typeHints } from '../editor/type-hints'
import type { Project } from '../project/project'
import { SourceLines } from '../schema/edits/source-lines'
import { rangeInFile, type PlacedBlock } from '../schema/model'
import type { SourceText } from '../schema/source-text'
import { markdownLine } from '../text/markdown-text'
import { notificationLine } from '../text/notification-text'
import { lineOf, LIMITS } from '../text/safe-text'
import { FIX_ALL_AUDIT_FIELDS } from './code-actions'
import type { EditorSession } from './editor-session'
import { overlaps } from './ranges'
import { SCHEMA_COMMANDS } from './schema-commands'
import { pathOfUri, uriOfPath } from './uris'
import type { Translate } from '../text/translate'

export const SCHEMA_FEATURES: ServerCapabilities = {
  codeActionProvider: { codeActionKinds: ['quickfix', FIX_ALL_AUDIT_FIELDS], resolveProvider: true },
  hoverProvider: true,
  codeLensProvider: { resolveProvider: true },
  inlayHintProvider: { resolveProvider: false },
  completionProvider: { triggerCharacters: ['@', ',', ' ', '"'] },
}

/**
 * Hovers, lenses, hints and completion in schema files. They use only what is already known; nothing is read for them.
 */
export class SchemaFeatures {
  private refreshes = { lenses: false, hints: false }

  constructor(
    private readonly connection: Connection,
    private readonly session: EditorSession,
    private readonly projectOf: (file: string) => Project | null,
  ) {
    connection.onHover(({ textDocument, position }) =>
      this.at(textDocument.uri, (place) => this.hover(place, position)),
    )
    connection.onCodeLens(({ textDocument }) => this.at(textDocument.uri, (place) => this.lenses(place)) ?? [])
    connection.onCodeLensResolve((lens) => this.resolved(lens))
    connection.onCompletion(
      ({ textDocument, position }) =>
        this.policyCompletions(textDocument.uri, position) ??
        this.at(textDocument.uri, (place) => completions(session.t, place, position)) ??
        [],
    )
    connection.languages.inlayHint.on(
      ({ textDocument, range }) => this.at(textDocument.uri, (place) => this.hints(place, range)) ?? [],
    )
  }

  initialize({ workspace }: ClientCapabilities): void {
    this.refreshes = {
      lenses: workspace?.codeLens?.refreshSupport === true,
      hints: workspace?.inlayHint?.refreshSupport === true,
    }
  }

  /** Called when something other than a document's text changed: the catalog, the policy, a setting. */
  refresh(): void {
    // An editor that is exiting does not answer.
    const ignore = () => undefined
    if (this.refreshes.lenses) this.connection.sendRequest(CodeLensRefreshRequest.type).catch(ignore)
    if (this.refreshes.hints) this.connection.sendRequest(InlayHintRefreshRequest.type).catch(ignore)
  }

  private at<Result>(uri: string, answer: (place: Place) => Result | null): Result | null {
    const file = pathOfUri(uri)
    const project = file?.endsWith('.prisma') === true ? this.projectOf(file) : null
    if (file === null || project?.otherLanguage !== null) return null
    const parsed = project.schema.files.find(({ path }) => path === file)
    if (parsed === undefined) return null
    const findings = project.findings.ofFile(file)
    return answer({
      project,
      file,
      text: parsed.text,
      blocks: parsed.blocks,
      findings,
    })
  }

  /** Null if the document is not a policy. */
  private policyCompletions(uri: string, position: Position): CompletionItem[] | null {
    const file = pathOfUri(uri)
    if (file?.endsWith('.json') !== true) return null
    const { policyFile, schema } = this.projectOf(file) ?? {}
    if (schema === undefined || policyFile?.path !== file) return null
    const text = policyFile.text ?? ''
    const lines = new SourceLines(text)
    // As `contributes.jsonValidation` says.
    const knowsJsonSchema = this.session.isOurClient && path.basename(file) === 'prisma-audit.json'
    const found = policyCompletions(text, lines.offsetAt(position), schema, { knowsJsonSchema })
    if (found === null) return []
    const range = { start: lines.positionAt(found.from), end: lines.positionAt(found.to) }
    return found.names.map(({ name, kind }) => {
      const newText = JSON.stringify(name)
      const itemKind = kind === 'model' ? CompletionItemKind.Class : CompletionItemKind.Field
      return { label: lineOf(name, LIMITS.title), kind: itemKind, filterText: newText, textEdit: { range, newText } }
    })
  }

  private hover({ project, blocks, findings }: Place, position: Position): Hover | null {
    const placed = blockAt(blocks, position)
    if (placed === null) return null
    const here = { start: position, end: position }
    const { block } = placed
    // VS Code shows the diagnostics of a place in the same hover.
    const told = (finding: Finding) => !this.session.isOurClient || !overlaps(finding.range, here)
    const nameRange = rangeInFile(placed, block.name.range)
    if (block.kind === 'enum') {
      const { databaseIndex } = project.findings
      if (databaseIndex === null || !overlaps(nameRange, here)) return null
      return hoverOf(describeEnum(this.session.t, block, databaseIndex), nameRange)
    }
    if (block.kind !== 'model') return null
    const sides = project.findings.sidesOf(block)
    if (sides === null) return null
    if (overlaps(nameRange, here)) {
      const own = findings.filter(({ range }) => overlaps(range, nameRange)).filter(told)
      return hoverOf(describeModel(this.session.t, sides, own), nameRange)
    }
    const field = block.fields.find(({ range }) => overlaps(rangeInFile(placed, range), here))
    if (field === undefined) return null
    const range = rangeInFile(placed, field.range)
    const own = findings.filter((finding) => overlaps(finding.range, range)).filter(told)
    return hoverOf(describeField(this.session.t, field, sides, own), range)
  }

  /** The lenses of a few models are computed at once; those of many, only when they are on the screen. */
  private lenses(place: Place): CodeLens[] {
    if (!this.session.isLensWanted) return []
    const { project, file, blocks } = place
    const models = blocks.filter(({ block }) => block.kind === 'model')
    const uri = uriOfPath(file)
    const [first] = models
    const isFirstFile = project.schema.files.find((each) => each.blocks.some(({ block }) => block.kind === 'model'))
    const isMissing = !project.policyFile.exists && isFirstFile?.path === file
    const policy = first === undefined || !isMissing ? [] : [policyLens(this.session.t, first, uri)]
    if (project.database === null && project.policy === null) return policy
    const later = models.map((placed) => ({
      range: nameRangeOf(placed),
      data: { uri, model: placed.block.name.text },
    }))
    if (models.length > SHOWN_AT_ONCE) return [...policy, ...later]
    return [...policy, ...later.flatMap((lens) => this.lensOf(lens, lens.data, place) ?? [])]
  }

  private resolved(lens: CodeLens): CodeLens {
    const { uri, model } = (lens.data ?? {}) as { uri?: string; model?: string }
    if (uri === undefined || model === undefined) return lens
    const nothing = command(lens, '', '', [])
    return this.at(uri, (place) => this.lensOf(lens, { uri, model }, place)) ?? nothing
  }

  private lensOf(
    { range }: CodeLens,
    { uri, model }: { readonly uri: string; readonly model: string },
    { project, findings }: Place,
  ): CodeLens | null {
    const { t } = this.session
    const { problems } = project.policyFile.reading
    const found = modelLens(
      t,
      findings.filter((finding) => finding.model === model),
      project.database !== null && problems.length === 0,
    )
    if (found === null) return null
    const { title, action } = found
    if (action === 'add-fields') {
      return command({ range }, t('{0}: add', title), SCHEMA_COMMANDS.addAuditFields, [uri, model])
    }
    const sides = sidesOfModel(project, model)
    if (action === null || sides === null) return command({ range }, title, '', [])
    const { table, index } = sides
    const { schema, name } = sides.model.table
    const wanted = {
      code: table === null ? 'table-missing' : 'table',
      schemaName: index?.schemaNameOf(schema) ?? null,
      table: name,
      column: null,
      object: null,
    }
    return command({ range }, t('{0}: preview SQL', title), SCHEMA_COMMANDS.previewObject, [uri, wanted])
  }

  private hints({ findings }: Place, range: Range): InlayHint[] {
    if (!this.session.areHintsWanted) return []
    return typeHints(
      this.session.t,
      findings.filter((finding) => overlaps(finding.range, range)),
    ).map(({ range: own, label, tooltip }) => ({
      position: own.end,
      label: lineOf(`↔ ${label}`, LIMITS.title),
      tooltip: { kind: MarkupKind.Markdown, value: tooltip.split('\n').map(markdownLine).join('\n\n') },
      paddingLeft: true,
    }))
  }
}

interface Place {
  readonly project: Project
  readonly file: string
  readonly text: SourceText
  readonly blocks: readonly PlacedBlock[]
  readonly findings: readonly Finding[]
}

function completions(t: Translate, { text, blocks, findings }: Place, position: Position): CompletionItem[] {
  const line = text.lineTo(position)
  const next = blocks.find(({ startLine, block }) => startLine + block.range.end.line >= position.line)
  const here = next === undefined ? [] : findings.filter(({ model }) => model === next.block.name.text)
  const words = ignoreWords(t, line, here) ?? []
  const typed = /[@\w-]*$/.exec(line.slice(-LONGEST_WORD))?.[0].length ?? 0
  const range = { start: { line: position.line, character: position.character - typed }, end: position }
  return words.map(({ word, detail, isFound }) => ({
    label: word,
    kind: CompletionItemKind.EnumMember,
    detail: lineOf(detail, LIMITS.title),
    sortText: `${isFound ? '0' : '1'}${word}`,
    textEdit: { range, newText: word },
  }))
}

function sidesOfModel(project: Project, name: string) {
  for (const { blocks } of project.schema.files) {
    const placed = blocks.find(({ block }) => block.kind === 'model' && block.name.text === name)
    if (placed?.block.kind === 'model') return project.findings.sidesOf(placed.block)
  }
  return null
}

function blockAt(blocks: readonly PlacedBlock[], { line }: Position): PlacedBlock | null {
  return blocks.find(({ startLine, block }) => startLine <= line && line <= startLine + block.range.end.line) ?? null
}

function nameRangeOf(placed: PlacedBlock): Range {
  return rangeInFile(placed, placed.block.name.range)
}

/** With more models than this, each lens is resolved separately. */
const SHOWN_AT_ONCE = 100

/** In characters; the codes that are offered are shorter. */
const LONGEST_WORD = 100

function policyLens(t: Translate, placed: PlacedBlock, uri: string): CodeLens {
  return command({ range: nameRangeOf(placed) }, t('No audit policy: create'), SCHEMA_COMMANDS.createPolicy, [uri])
}

function command(lens: CodeLens, title: string, name: string, given: readonly unknown[]): CodeLens {
  return {
    range: lens.range,
    command: { title: notificationLine(title, LIMITS.title), command: name, arguments: [...given] },
  }
}

function hoverOf(value: string, range: Range): Hover | null {
  return value === '' ? null : { contents: { kind: MarkupKind.Markdown, value }, range }
}
