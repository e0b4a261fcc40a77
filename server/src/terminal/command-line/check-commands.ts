import { SEVERITIES } from '../../audit/finding'
import { CHECK_FORMATS, furtherReport, LINT_FORMATS, oneOf, positiveInteger } from '../output-formats'
import type { BaselineOptions } from '../subcommands/baseline'
import type { CheckOptions } from '../subcommands/check'
import type { LintCommandOptions } from '../subcommands/lint'
import type { CommandSetup } from './command-setup'
import { format, REPLAY, REPORT, PATHS_FROM } from './shared-options'

export function addCheckCommands({ program, terminal, finish }: CommandSetup): void {
  program.commandsGroup('Check:')

  program
    .command('check')
    .description('Compare the schema with the live database and list the findings.')
    .addOption(format([...CHECK_FORMATS, 'timing'], 'text'))
    .option(...REPORT, furtherReport(CHECK_FORMATS), [])
    .option('--fail-on <severity>', 'exit with 1 at this severity or higher', oneOf([...SEVERITIES, 'none']), 'warning')
    .option(...REPLAY)
    .option('--validate', "also report what Prisma's own parser rejects (implied by --replay)", false)
    .option(...PATHS_FROM)
    .option('--baseline <file>', 'ignore the findings in this baseline (default: prisma-audit.baseline.json)')
    .option('--no-baseline', 'list all findings')
    .option('--repeat <count>', 'with --format timing: how often to read and compare', positiveInteger, 1)
    .action(async (options: CheckOptions) =>
      finish((await import('../subcommands/check')).checkFromTerminal(options, terminal)),
    )

  program
    .command('baseline')
    .description('Save the current findings; check then reports only new ones.')
    .option('--output <file>', 'where to write it (default: prisma-audit.baseline.json next to the policy)')
    .option(...REPLAY)
    .action(async (options: BaselineOptions) =>
      finish((await import('../subcommands/baseline')).baselineFromTerminal(options, terminal)),
    )

  program
    .command('lint')
    .description('Check SQL migrations for locks, breaking changes and data loss.')
    .argument('[paths...]', "files or folders of SQL (default: the project's migrations that are not applied yet)")
    .addOption(format(LINT_FORMATS, 'text'))
    .option(...REPORT, furtherReport(LINT_FORMATS), [])
    .option('--base <commit>', 'check only migrations that are new since this Git commit, and report edited ones')
    .option(...PATHS_FROM)
    .option('--fail-on <severity>', 'exit with 1 at this severity or higher', oneOf([...SEVERITIES, 'none']), 'warning')
    .action(async (paths: string[], options: LintCommandOptions) =>
      finish((await import('../subcommands/lint')).lintFromTerminal(paths, options, terminal)),
    )
}
