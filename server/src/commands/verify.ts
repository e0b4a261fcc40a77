import { withClient } from '../database/connect'
import type { Project } from '../project/project'
import { renderVerificationText } from '../report/verification'
import { verificationChecks } from '../verification/checks'
import type { Check, VerificationReport } from '../verification/model'
import { runChecks } from '../verification/run-checks'
import type { CommandOutcome, Interaction } from './interaction'

/** Proves on the live database that what the policy requires is there and works; and what `further` checks ask. */
export async function verifyProject(
  project: Project,
  interaction: Interaction,
  further: readonly Check[] = [],
): Promise<VerificationReport> {
  const policy = project.policyToPlan()
  interaction.progress('Verifying')
  const database = await project.readDatabase(interaction.signal)
  const { migrationUrl, label } = await project.databaseUrl()
  const ofPolicy = policy === null ? [] : verificationChecks({ schema: project.schema, policy, database })
  const asked = new Set(ofPolicy.map(({ sql }) => sql))
  const checks = [...ofPolicy, ...further.filter(({ sql }) => !asked.has(sql))]
  return await withClient(migrationUrl, { signal: interaction.signal }, (client) => runChecks(client, checks, label))
}

export async function verifyCommand(project: Project, interaction: Interaction): Promise<CommandOutcome> {
  const report = await verifyProject(project, interaction)
  interaction.output(renderVerificationText(report))
  return verificationOutcome(report)
}

export function verificationOutcome(report: VerificationReport): CommandOutcome {
  const { notProven = 0 } = report
  if (report.failed === 0 && notProven > 0) {
    const message = `Not proven: this role may not read what ${notProven} of ${report.results.length} checks ask.`
    return { status: 'findings', message }
  }
  return report.failed === 0
    ? { status: 'done', message: `Verified: all ${report.passed} checks passed.` }
    : { status: 'findings', message: `Verification failed: ${report.failed} of ${report.results.length} checks.` }
}
