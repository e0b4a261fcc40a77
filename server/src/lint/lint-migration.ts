import { catalogTable, type LintContext } from './context'
import { foresee } from './foreseen'
import type { LintFinding, LintOptions } from './model'
import { RULES } from './rules'
import type { Script, Statement } from './script'
import { ScriptState } from './script-state'
import { spanOf } from './syntax'
import { inPlainEnglish } from '../text/phrase'

/**
 * Statements of a script that a careful database administrator would not run as written, in script order. Pure and
 * total: a statement that does not parse has its own finding, and does not hide others.
 */
export function lintMigration(script: Script, options: LintOptions): LintFinding[] {
  const state = new ScriptState(
    options.database?.defaultSchema ?? 'public',
    (table) => catalogTable({ options }, table) !== null,
  )
  for (const earlier of options.before) {
    for (const statement of earlier.statements) applyWhole(state, statement)
    state.beginScript()
  }
  const foreseen = foresee(script, state)
  const transactions = new Transactions(options.runner, foreseen.count)
  const findings: LintFinding[] = []
  for (const statement of script.statements) {
    const transaction = transactions.of(statement)
    const context = { script, foreseen, statement, transaction, isInBlock: false, state, options }
    for (const finding of checkStatement(context)) findings.push(finding)
  }
  return findings.sort((left, right) => left.span.start - right.span.start)
}

/** Checks a statement and the queries of a DO block, and updates the state. */
function checkStatement(context: LintContext): LintFinding[] {
  const { statement, state } = context
  const findings = checkOne(context)
  state.apply(statement, context.transaction)
  if (statement.node === null || !('DoStmt' in statement.node)) return findings
  const transaction = context.transaction ?? transactionOfBlock(statement)
  for (const query of statement.body) {
    if (query.role !== 'statement' && query.role !== 'dynamic') continue
    findings.push(...checkOne({ ...context, statement: query, transaction, isInBlock: true }))
    state.apply(query, transaction)
  }
  return findings
}

function applyWhole(state: ScriptState, statement: Statement): void {
  state.apply(statement, null)
  if (statement.node === null || !('DoStmt' in statement.node)) return
  for (const query of statement.body) if (query.role === 'statement') state.apply(query, null)
}

/** A separate DO block is a transaction with its own number, unless it commits. */
function transactionOfBlock({ source, start }: Statement): number | null {
  return /\bcommit\b/i.test(source) ? null : -1 - start
}

function checkOne(context: LintContext): LintFinding[] {
  const { statement } = context
  const isSilent = (code: string): boolean => statement.ignored.includes('*') || statement.ignored.includes(code)
  return RULES.flatMap((rule) => {
    if (isSilent(rule.code)) return []
    return rule.check(context).map(({ severity, message, advice, span, fix }) => ({
      code: rule.code,
      severity,
      message: inPlainEnglish(message),
      advice: advice === undefined ? '' : inPlainEnglish(advice),
      phrases: advice === undefined ? [message] : [message, advice],
      span: span ?? spanOf(statement),
      statement: spanOf(statement),
      fix: context.isInBlock ? null : (fix ?? null),
    }))
  })
}

/** The transaction of each statement. */
class Transactions {
  private current: number | null
  private count = 1

  constructor(
    private readonly runner: LintOptions['runner'],
    statements: number,
  ) {
    this.current = runner === 'prisma' && statements > 1 ? this.count : null
  }

  of({ node }: Statement): number | null {
    if (node === null || !('TransactionStmt' in node)) return this.current
    const { kind } = node.TransactionStmt
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') this.current ??= ++this.count
    const current = this.current
    // In one message, the following statements form a new transaction.
    if (kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK')
      this.current = this.runner === 'prisma' ? ++this.count : null
    return current
  }
}
