import { Command, CommanderError, Option } from 'commander'
import { SEVERITIES } from '../audit/finding'
import { EXIT } from './exit-codes'
import { oneOf, positiveInteger } from './output-formats'
import type { CommonOptions } from './terminal-session'
import type { BackUpOptions } from './subcommands/back-up'
import type { CheckOptions } from './subcommands/check'
import type { DemoOptions } from './subcommands/demo'
import type { LintCommandOptions } from './subcommands/lint'
import type { MigrateOptions } from './subcommands/migrate'
import type { PlanOptions } from './subcommands/plan'
import type { RestoreOptions } from './subcommands/restore'
import type { RollBackOptions } from './subcommands/roll-back'
import type { RunOptions } from './subcommands/run'
import type { VerifyOptions } from './subcommands/verify'
import { visible } from '../text/safe-text'
import type { Terminal } from './terminal'

/**
 * Runs one command line (without `node` and the script) and answers its exit code. Data goes to the terminal's
 * `output`, progress and errors to its `log`.
 */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.ok
  const finish = async (work: Promise<number>): Promise<void> => {
    exitCode = await work
  }
  const program = buildProgram(terminal, finish)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said what is wrong already; --help and --version end here too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.impossible
    throw error
  }
}

/** A command is loaded when it is called: most of them need what others do not. */
function buildProgram(terminal: Terminal, finish: (work: Promise<number>) => Promise<void>): Command {
  const program = new Command('prisma-audit')
    .description('Audit fields for Prisma and PostgreSQL: checked live, migrated safely, verified and rolled back.')
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.writeText(visible(text)),
      writeErr: (text) => terminal.log.writeText(visible(text)),
    })
    .showHelpAfterError('Run prisma-audit --help to see what there is.')
    .addHelpText('after', EXIT_CODES_HELP)

  command(program, 'check', 'Hold the schema against the live database and list the findings.')
    .addOption(format(['text', 'json', 'sarif', 'timing'], 'text'))
    .option('--fail-on <severity>', 'exit with 1 from this severity on', oneOf([...SEVERITIES, 'none']), 'warning')
    .option('--repeat <count>', 'with --format timing: how often to read and compare', positiveInteger, 1)
    .action(async (options: CheckOptions) =>
      finish((await import('./subcommands/check')).checkFromTerminal(options, terminal)),
    )

  command(program, 'plan', 'Show the migration that removes the findings; nothing is changed.')
    .addOption(format(['text', 'json', 'sql', 'down-sql', 'verify-sql'], 'text'))
    .option(...DRIFT)
    .option(...NO_FILES)
    .option('--rehearse', "rehearse it on a copy of the database's structure; exit with 1 where that fails", false)
    .option('--scratch-url <url>', 'rehearse it in this empty database (default: an embedded PostgreSQL)')
    .action(async (options: PlanOptions) =>
      finish((await import('./subcommands/plan')).planFromTerminal(options, terminal)),
    )

  command(program, 'lint', 'Look through migrations for what would block, break or lose something.')
    .argument('[paths...]', "files or folders of SQL (default: the project's migrations that are not applied yet)")
    .addOption(format(['text', 'json', 'sarif'], 'text'))
    .option('--fail-on <severity>', 'exit with 1 from this severity on', oneOf([...SEVERITIES, 'none']), 'warning')
    .action(async (paths: string[], options: LintCommandOptions) =>
      finish((await import('./subcommands/lint')).lintFromTerminal(paths, options, terminal)),
    )

  command(program, 'backup', 'Back the database up and prove that the backup can be read.')
    .addOption(format(['text', 'json'], 'text'))
    .option('--output <folder>', 'where to write it (default: backups/ in the project)')
    .action(async (options: BackUpOptions) =>
      finish((await import('./subcommands/back-up')).backUpFromTerminal(options, terminal)),
    )

  command(program, 'migrate', 'Carry the migration out.')
    .option(...DRIFT)
    .option(...LEAVE_KEPT_VALUES)
    .option(...NO_FILES)
    .option(...VERBOSE)
    .action(async (options: MigrateOptions) =>
      finish((await import('./subcommands/migrate')).migrateFromTerminal(options, terminal)),
    )

  command(program, 'generate', "Run the project's own prisma generate.").action(async (options: CommonOptions) =>
    finish((await import('./subcommands/generate')).generateFromTerminal(options, terminal)),
  )

  command(program, 'verify', 'Prove on the live database that the migration took, the trigger included.')
    .addOption(format(['text', 'json', 'junit'], 'text'))
    .option(...SQL)
    .action(async (options: VerifyOptions) =>
      finish((await import('./subcommands/verify')).verifyFromTerminal(options, terminal)),
    )

  command(program, 'rollback', 'Take back what Prisma Audit made in the database and in the schema.')
    .option('--drop-data', 'drop what cannot be kept, with the values that were written since', false)
    .action(async (options: RollBackOptions) =>
      finish((await import('./subcommands/roll-back')).rollBackFromTerminal(options, terminal)),
    )

  command(program, 'restore', 'Restore a backup into an empty database.')
    .argument('<file>', 'the backup')
    .option('--force', 'restore into a database that is not empty', false)
    .action(async (file: string, options: RestoreOptions) =>
      finish((await import('./subcommands/restore')).restoreFromTerminal(file, options, terminal)),
    )

  command(program, 'run', 'The guided run: check, back up, migrate, write the schema, generate, verify.')
    .option(...DRIFT)
    .option('--output <folder>', 'where to write the backup (default: backups/ in the project)')
    .option('--rehearse', "rehearse the migration first on a copy of the database's structure", false)
    .option('--scratch-url <url>', 'rehearse it in this empty database (default: an embedded PostgreSQL)')
    .option('--no-backup', 'go on without a backup')
    .option(...NO_FILES)
    .option('--no-application', "leave the application's code as it is")
    .option(...LEAVE_KEPT_VALUES)
    .option(...VERBOSE)
    .option(...SQL)
    .action(async (options: RunOptions) =>
      finish((await import('./subcommands/run')).runFromTerminal(options, terminal)),
    )

  program
    .command('demo')
    .description('Show the whole case on a sample project and an embedded PostgreSQL.')
    .option('--directory <folder>', 'where to leave the sample project', 'prisma-audit-demo')
    .option('--serve', 'only start the database of the sample, for trying by hand', false)
    .action(async (options: DemoOptions) =>
      finish((await import('./subcommands/demo')).demoFromTerminal(options, terminal, runCommandLine)),
    )

  return program
}

/** A command with the options that all of them share. */
function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--schema <path>', 'the Prisma schema, a file or a folder (default: found as Prisma finds it)')
    .option('--url <url>', 'the database (default: found as Prisma finds it)')
    .option('--policy <file>', 'the policy (default: the nearest prisma-audit.json)')
    .option('--cwd <folder>', 'work from this folder', '.')
    .option('--yes', 'agree to every question beforehand', false)
}

function format(formats: readonly string[], fallback: string): Option {
  return new Option('--format <format>', 'how to print the result').choices(formats).default(fallback)
}

/** It works without a policy, too. */
const DRIFT = ['--drift', 'plan everything that the schema says and the database lacks', false] as const
const LEAVE_KEPT_VALUES = [
  '--leave-kept-values',
  'do not put back what the application had written before a rollback',
  false,
] as const
const VERBOSE = ['--verbose', 'show the whole plan before the question, not its summary', false] as const
const SQL = ['--sql', 'show the SQL of every check, not only of those that failed', false] as const
const NO_FILES = ['--no-files', "leave no SQL in the project and Prisma's history as it is"] as const

const EXIT_CODES_HELP = `
Exit codes: 0 all well; 1 findings at or over --fail-on, or a failed verification; 2 the work cannot be done;
3 stopped or interrupted, and what was applied is said.`
