import { untranslated } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { annotationsOf, logOf } from '../../../action/src/annotations'
import { commentOf } from '../../../action/src/comment'
import { renderBackups } from '../../../server/src/commands/backups'
import { AuditError, describeError, describeForLog, messageLine } from '../../../server/src/errors'
import { failureText } from '../../../server/src/lsp/failure-text'
import { rejection } from '../../../server/src/lsp/rejection'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderPreview } from '../../../server/src/migration/render/preview'
import { renderRehearsalText } from '../../../server/src/migration/render/rehearsal'
import { renderSummary } from '../../../server/src/migration/render/summary'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { coverageMarkdown } from '../../../server/src/report/coverage-markdown'
import { coverageSvg } from '../../../server/src/report/coverage-svg'
import { renderErrorJson } from '../../../server/src/report/error-json'
import { renderGitlab } from '../../../server/src/report/findings-gitlab'
import { renderFindingsJson } from '../../../server/src/report/findings-json'
import { renderFindingsJunit } from '../../../server/src/report/findings-junit'
import { renderFindingsMarkdown } from '../../../server/src/report/findings-markdown'
import { renderFindingsSarif, renderSarif } from '../../../server/src/report/findings-sarif'
import { renderFindingsText } from '../../../server/src/report/findings-text'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import * as lint from '../../../server/src/report/lint'
import * as verification from '../../../server/src/report/verification'
import { renderVerificationDocument } from '../../../server/src/report/verification-document'
import { renderEditsAsDiff } from '../../../server/src/terminal/edits-as-diff'
import { renderSmokeJson, renderSmokeText } from '../../../server/src/smoke/render-results'
import { inEnglish } from '../../../server/src/text/translate'
import { agentOutputs } from './agent-outputs'
import {
  backups,
  checkReport,
  coverage,
  coveragePage,
  edits,
  hostilePlan,
  lintReport,
  NASTY,
  previewOptions,
  rehearsal,
  verificationReport,
} from './hostile-reports'
import {
  isForGitHub,
  isForRunner,
  isGitlab,
  isJson,
  isJsonOfText,
  isLike,
  isLine,
  isMarkdown,
  isMarkup,
  isPage,
  isSarif,
  isText,
  type Output,
} from './output-rules'
import { treeOutputs } from './tree-outputs'

let parser: SqlParser

describe('hostile names in every output', () => {
  before(async () => {
    parser = await loadSqlParser()
  })

  for (const [name, output] of Object.entries(outputs())) {
    it(name, async () => {
      const shown = await output.make()
      assert.ok(shown.includes('xxxxxxxx') || shown.includes('more char'), 'the names reach it')
      output.rule(shown)
    })
  }

  it('none is forgotten: each function that makes text to show, anywhere in the sources, has its line here', () => {
    const sources = fs
      .readdirSync('server/src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('text/'))
      .map((file) => fs.readFileSync(path.join('server/src', file), 'utf8'))
    const found = sources.flatMap((source) => [...source.matchAll(MAKER)].map(([, name]) => name!))
    assert.ok(found.length > 25, String(found.length))
    assert.deepEqual(
      found.filter((name) => outputs()[name] === undefined && !ELSEWHERE.has(name)),
      [],
      'add it to outputs() below',
    )
  })
})

/**
 * An exported function whose result is one of the types that only `text/` creates; its parameters may span lines, and
 * take objects apart.
 */
const MAKER =
  /^export (?:async )?function (\w+)[^(]*\((?:[^{}();]|\{[^{}]*\}|\([^()]*\))*\): (?:Promise<)?(?:SafeText|SafeLine|DataText|MarkdownText)\b/gm

/**
 * The frame of the scripts, which takes our SQL only; and what both JUnit reports call.
 */
const ELSEWHERE = new Set(['renderScript', 'renderJunit', 'junitDocument'])

function outputs(): Readonly<Record<string, Output>> {
  const report = checkReport()
  const scripts = lintReport()
  const verified = verificationReport()
  const [made, ordinary] = [hostilePlan(NASTY), hostilePlan('Lead')]
  const options = previewOptions()
  const part = untranslated`${NASTY}`
  const failure = new AuditError('x', { what: part, why: [part, part], nextStep: part })
  const smoke = [{ name: NASTY, request: NASTY, status: null, problems: [NASTY], milliseconds: 1 }]
  const github = [...report.findings, { ...report.findings[0]!, file: null, range: null }]
  const [warning] = github
  return {
    renderFindingsText: { make: () => renderFindingsText(report), rule: isText },
    renderFindingsJson: { make: () => renderFindingsJson(report), rule: isJson },
    renderFindingsSarif: { make: () => renderFindingsSarif(report, '1'), rule: isSarif },
    renderSarif: { make: () => renderSarif(report.findings, () => 'https://page', '1'), rule: isSarif },
    renderFindingsJunit: { make: () => renderFindingsJunit(report), rule: isMarkup },
    renderGitlab: { make: () => renderGitlab(report.findings), rule: isGitlab },
    renderFindingsMarkdown: { make: () => renderFindingsMarkdown(report, coverage()), rule: isForGitHub },
    coverageMarkdown: { make: () => coverageMarkdown(NASTY, coverage()), rule: isForGitHub },
    coverageSvg: { make: () => coverageSvg(NASTY, coverage()), rule: isMarkup },
    renderLintText: { make: () => lint.renderLintText(scripts), rule: isText },
    renderLintJson: { make: () => lint.renderLintJson(scripts), rule: isJson },
    renderLintSarif: { make: () => lint.renderLintSarif(scripts, '1'), rule: isSarif },
    renderLintGitlab: { make: () => lint.renderLintGitlab(scripts), rule: isGitlab },
    renderLintJunit: { make: () => lint.renderLintJunit(scripts), rule: isMarkup },
    renderVerificationText: { make: () => verification.renderVerificationText(verified, 'all'), rule: isText },
    renderVerificationJson: { make: () => verification.renderVerificationJson(verified), rule: isJson },
    renderVerificationJunit: { make: () => verification.renderVerificationJunit(verified), rule: isMarkup },
    renderVerificationDocument: { make: () => renderVerificationDocument(verified), rule: isMarkdown },
    renderErrorJson: { make: () => renderErrorJson(failure), rule: isJsonOfText },
    describeError: { make: () => describeError(failure) + describeError(new Error(NASTY)), rule: isText },
    failureText: { make: () => failureText(new TypeError(NASTY), inEnglish), rule: isText },
    describeForLog: { make: () => describeForLog(new Error('a', { cause: failure })), rule: isText },
    messageLine: { make: () => messageLine(new Error(NASTY)), rule: isLine },
    rejection: { make: () => rejection(inEnglish, { message: NASTY, file: NASTY, line: 1 }), rule: isLine },
    renderSmokeText: { make: () => renderSmokeText(smoke), rule: isText },
    renderSmokeJson: { make: () => renderSmokeJson(smoke), rule: isJson },
    renderBackups: { make: () => renderBackups(NASTY, backups(), new Date()), rule: isText },
    renderPreview: { make: () => renderPreview(made, options), rule: isMarkdown },
    renderSummary: { make: () => renderSummary(made, options), rule: isText },
    renderRehearsalText: { make: () => renderRehearsalText(rehearsal()), rule: isText },
    renderEditsAsDiff: {
      make: () =>
        renderEditsAsDiff(
          edits(),
          () => NASTY,
          () => NASTY,
        ),
      rule: isText,
    },
    renderUpScript: { make: () => renderUpScript(made), rule: isLike(renderUpScript(ordinary), () => parser) },
    renderDownScript: { make: () => renderDownScript(made), rule: isLike(renderDownScript(ordinary), () => parser) },
    renderVerifyScript: {
      make: () => renderVerifyScript(made),
      rule: isLike(renderVerifyScript(ordinary), () => parser),
    },
    'the action: annotations': { make: () => annotationsOf([warning!]).join('\n'), rule: isForRunner },
    'the action: log': { make: () => logOf(github).join('\n'), rule: isForRunner },
    'the action: comment and summary': {
      make: () =>
        commentOf(
          {
            findings: github,
            unlisted: [...github, { ...warning!, file: 'migration.sql' }, { ...warning!, file: `${NASTY}.sql` }],
            markdown: renderFindingsMarkdown(report, coverage()),
            failed: true,
            files: { sarif: null, junit: null },
          },
          'warning',
        ),
      rule: isForGitHub,
    },
    'the page of the coverage': { make: coveragePage, rule: isPage },
    ...agentOutputs(),
    ...treeOutputs(),
  }
}
