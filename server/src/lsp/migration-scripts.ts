import type { CodeAction, Connection, Diagnostic, Range } from 'vscode-languageserver'
import { CodeActionKind } from './protocol'
import { ignoreStatementEdit, lintFixEdits, type PlacedLintFinding } from '../lint/place-findings'
import type { Project } from '../project/project'
import { LINT_PAGE } from '../report/lint'
import { SourceLines } from '../schema/edits/source-lines'
import { phraseIn } from '../text/phrase'
import { lineOf, LIMITS } from '../text/safe-text'
import { SEVERITIES } from './diagnostics'
import type { ServerLog } from './log'
import { overlaps } from './ranges'
import { uriOfPath } from './uris'
import { toWorkspaceEdit } from './workspace-edit'
import type { Translate } from '../text/translate'

/** Milliseconds without a keystroke before a script is checked. */
const PAUSE = 250

interface OpenScript {
  /** Counts changes, so that findings of an older text are not shown. */
  version: number
  /** Whether it was edited since it was opened or saved. If so, an incomplete statement is not reported. */
  isBeingTyped: boolean
  timer: NodeJS.Timeout | null
  text: string
  findings: readonly PlacedLintFinding[]
  /** The diagnostics last sent to the editor, as JSON, so that equal ones are not sent again. */
  sent: string
}

/** Publishes the lint findings of open migrations, and offers fixes. */
export class MigrationScripts {
  private readonly open = new Map<string, OpenScript>()

  constructor(
    private readonly connection: Connection,
    private readonly projectOf: (file: string) => Project | null,
    private readonly t: Translate,
    private readonly log: ServerLog,
  ) {}

  /** Called when the script is opened or edited; `text` is its whole content. */
  changed(file: string, text: string): void {
    const before = this.open.get(file)
    if (before?.timer !== null && before !== undefined) clearTimeout(before.timer)
    this.open.set(file, {
      version: (before?.version ?? 0) + 1,
      isBeingTyped: before !== undefined,
      timer: null,
      text,
      findings: before?.findings ?? [],
      sent: before?.sent ?? '',
    })
    this.lintSoon(file, before === undefined ? 0 : PAUSE)
  }

  saved(file: string): void {
    const script = this.open.get(file)
    if (script === undefined) return
    script.isBeingTyped = false
    this.lintSoon(file, 0)
  }

  closed(file: string): void {
    const script = this.open.get(file)
    if (script === undefined) return
    if (script.timer !== null) clearTimeout(script.timer)
    this.open.delete(file)
    this.send(file, [])
  }

  /** Called when a project's catalog, schema or policy changes. */
  refresh(project: Project): void {
    for (const file of this.open.keys()) if (this.projectOf(file) === project) this.lintSoon(file, PAUSE)
  }

  close(): void {
    for (const { timer } of this.open.values()) if (timer !== null) clearTimeout(timer)
    this.open.clear()
  }

  /** The quick fixes for the findings that overlap a range; null if the file is not an open script. */
  codeActions(file: string, range: Range): CodeAction[] | null {
    const script = this.open.get(file)
    if (script === undefined) return null
    const here = script.findings.filter((finding) => overlaps(finding.range, range))
    return lintActions(this.t, file, script.text, here)
  }

  private lintSoon(file: string, milliseconds: number): void {
    const script = this.open.get(file)
    if (script === undefined) return
    if (script.timer !== null) clearTimeout(script.timer)
    script.timer = setTimeout(() => {
      script.timer = null
      void this.lintNow(file, script)
    }, milliseconds)
  }

  private async lintNow(file: string, script: OpenScript): Promise<void> {
    const project = this.projectOf(file)
    if (project === null) return
    const { version } = script
    try {
      const { lintScript } = await import('../commands/lint')
      const findings = await lintScript(project, file)
      if (this.open.get(file)?.version !== version) return
      script.findings = script.isBeingTyped ? findings.filter(({ code }) => code !== 'sql-syntax') : findings
      const diagnostics = script.findings.map((finding) => toLintDiagnostic(this.t, finding))
      const json = JSON.stringify(diagnostics)
      if (json === script.sent) return
      script.sent = json
      this.send(file, diagnostics)
    } catch (error) {
      this.log.failure(`${file} could not be linted`, error)
    }
  }

  private send(file: string, diagnostics: Diagnostic[]): void {
    void this.connection.sendDiagnostics({ uri: uriOfPath(file), diagnostics })
  }
}

function toLintDiagnostic(t: Translate, finding: PlacedLintFinding): Diagnostic {
  const { range, severity, code, phrases } = finding
  return {
    range,
    severity: SEVERITIES[severity],
    code,
    codeDescription: { href: `${LINT_PAGE}#${code}` },
    source: 'prisma-audit',
    message: lineOf(phrases.map((said) => phraseIn(t, said)).join(' '), LIMITS.message),
  }
}

/** For as many findings as a whole script has: an editor asks for those of what is selected. */
export function lintActions(
  t: Translate,
  file: string,
  text: string,
  findings: readonly PlacedLintFinding[],
): CodeAction[] {
  const lines = new SourceLines(text)
  return findings.flatMap((finding) => actionsFor(t, file, lines, finding))
}

function actionsFor(t: Translate, file: string, lines: SourceLines, finding: PlacedLintFinding): CodeAction[] {
  const common = { kind: CodeActionKind.QuickFix, diagnostics: [toLintDiagnostic(t, finding)] }
  const ignore: CodeAction = {
    ...common,
    title: t('Ignore {0} in this statement', finding.code),
    edit: toWorkspaceEdit([ignoreStatementEdit(file, lines, finding)]),
  }
  if (finding.code === 'sql-syntax') return []
  if (finding.fix === null) return [ignore]
  const edit = toWorkspaceEdit(lintFixEdits(file, lines, finding.fix))
  return [{ ...common, title: lineOf(phraseIn(t, finding.fix.title), LIMITS.title), edit, isPreferred: true }, ignore]
}
