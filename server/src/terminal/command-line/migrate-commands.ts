import { PLAN_FORMATS, VERIFY_FORMATS } from '../output-formats'
import type { MigrateOptions } from '../subcommands/migrate'
import type { PlanOptions } from '../subcommands/plan'
import type { RollBackOptions } from '../subcommands/roll-back'
import type { RunOptions } from '../subcommands/run'
import type { VerifyOptions } from '../subcommands/verify'
import type { CommonOptions } from '../terminal-session'
import type { CommandSetup } from './command-setup'
import {
  format,
  environment,
  CONFIRM_DATABASE,
  DRIFT,
  LEAVE_KEPT_VALUES,
  VERBOSE,
  SQL,
  NO_FILES,
  NO_APPLICATION,
} from './shared-options'

export function addMigrateCommands({ program, terminal, finish }: CommandSetup): void {
  program.commandsGroup('Migrate:')

  program
    .command('run')
    .description('Guided run: check, back up, migrate, update the schema, generate, update the application, verify.')
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
    .option(...DRIFT)
    .option('--output <folder>', 'where to write the backup (default: backups/ in the project)')
    .option('--rehearse', "rehearse the migration first on a copy of the database's structure", false)
    .option('--scratch-url <url>', 'rehearse in this empty database (default: an embedded PostgreSQL)')
    .option('--no-backup', 'continue without a backup')
    .option(...NO_FILES)
    .option('--actor', 'write the module that fills the audit fields (default: asks; with --yes, only updates it)')
    .option('--no-actor', 'do not write or update that module')
    .option(...NO_APPLICATION)
    .option('--smoke', 'test the application as described in the policy (default: asks; skipped with --yes)')
    .option('--no-smoke', 'do not start or test the application')
    .option(...LEAVE_KEPT_VALUES)
    .option(...VERBOSE)
    .option(...SQL)
    .action(async (options: RunOptions) =>
      finish((await import('../subcommands/run')).runFromTerminal(options, terminal)),
    )

  program
    .command('plan')
    .description('Show the migration that fixes the findings; changes nothing.')
    .addOption(format(PLAN_FORMATS, 'text'))
    .option(...DRIFT)
    .option(...NO_FILES)
    .option('--rehearse', "rehearse it on a copy of the database's structure; exit 1 if that fails", false)
    .option('--scratch-url <url>', 'rehearse in this empty database (default: an embedded PostgreSQL)')
    .action(async (options: PlanOptions) =>
      finish((await import('../subcommands/plan')).planFromTerminal(options, terminal)),
    )

  program
    .command('migrate')
    .description('Run the migration.')
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
    .option(...DRIFT)
    .option(...LEAVE_KEPT_VALUES)
    .option(...NO_FILES)
    .option(...VERBOSE)
    .action(async (options: MigrateOptions) =>
      finish((await import('../subcommands/migrate')).migrateFromTerminal(options, terminal)),
    )

  program
    .command('generate')
    .description("Run the project's own prisma generate.")
    .action(async (options: CommonOptions) =>
      finish((await import('../subcommands/generate')).generateFromTerminal(options, terminal)),
    )

  program
    .command('verify')
    .description('Verify the migration on the live database, including the triggers.')
    .addOption(format(VERIFY_FORMATS, 'text'))
    .option(...SQL)
    .action(async (options: VerifyOptions) =>
      finish((await import('../subcommands/verify')).verifyFromTerminal(options, terminal)),
    )

  program
    .command('rollback')
    .description('Roll back the newest migration, in the database and in the schema.')
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
    .option('--drop-data', 'drop columns and tables even if their values cannot be preserved', false)
    .option(...NO_APPLICATION)
    .action(async (options: RollBackOptions) =>
      finish((await import('../subcommands/roll-back')).rollBackFromTerminal(options, terminal)),
    )
}
