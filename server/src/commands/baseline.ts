import fs from 'node:fs'
import path from 'node:path'
import { baselineOf, compareWithBaseline, parseBaseline, renderBaseline, type Baseline } from '../audit/baseline'
import { AuditError } from '../errors'
import type { Project } from '../project/project'
import type { CheckReport } from '../report/findings-json'
import type { checkSchemaAlone } from './check'
import { fileNotWritten } from './errors'
import type { CommandOutcome, Interaction } from './interaction'
import { counted } from '../text/amounts'
import { untranslated } from '../text/phrase'

/** The report without the findings in the project's baseline; unchanged if there is none. Throws `baseline-invalid`. */
export function withoutKnown(project: Project, report: CheckReport, file: string): CheckReport {
  const baseline = readBaseline(project, file)
  if (baseline === null) return report
  const { fresh, known, gone } = compareWithBaseline(report.findings, baseline)
  return { ...report, findings: fresh, baseline: { file: project.paths.display(file), known, gone } }
}

/** The default path of a baseline: next to the policy, or where the policy would be. */
export function baselineFile(project: Project): string {
  return path.join(path.dirname(project.policyFile.path), 'prisma-audit.baseline.json')
}

/** Writes all current findings, for review and Git. */
export async function writeBaseline(
  project: Project,
  interaction: Interaction,
  { file, check }: { readonly file: string; readonly check: typeof checkSchemaAlone },
): Promise<CommandOutcome> {
  const writable = project.paths.resolveWritable(file)
  const { findings } = await check(project, interaction)
  const baseline = baselineOf(findings)
  try {
    fs.writeFileSync(writable, renderBaseline(baseline))
  } catch (error) {
    throw fileNotWritten(writable, error)
  }
  return {
    status: 'done',
    message: `Wrote ${counted(baseline.findings.length, 'finding')} to ${project.paths.display(file)}. Review and commit it; check now reports only new findings.`,
  }
}

function readBaseline(project: Project, file: string): Baseline | null {
  const text = project.findFile(file)
  if (text === null) return null
  const baseline = parseBaseline(text)
  if (baseline === null) throw baselineInvalid(project.paths.display(file))
  return baseline
}

/** For a baseline that was specified and does not exist. */
export function baselineMissing(file: string): AuditError {
  return new AuditError('baseline-missing', {
    what: untranslated`Baseline not found: ${file}.`,
    why: untranslated`It was specified with --baseline.`,
    nextStep: untranslated`Create one with prisma-audit baseline, or correct the path.`,
  })
}

function baselineInvalid(file: string): AuditError {
  return new AuditError('baseline-invalid', {
    what: untranslated`${file} is not a baseline.`,
    why: untranslated`It is not JSON in format 1 of prisma-audit baseline.`,
    nextStep: untranslated`Create it again with prisma-audit baseline.`,
  })
}
