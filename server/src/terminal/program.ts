import { Command, CommanderError, Help, Option } from 'commander'
import { SEVERITIES } from '../audit/finding'
import { SAID_ENVIRONMENTS } from '../database/environments'
import { EXIT } from './exit-codes'
import {
  backupLevel,
  CHECK_FORMATS,
  furtherReport,
  jobCount,
  LINT_FORMATS,
  oneOf,
  positiveInteger,
} from './output-formats'
import type { CommonOptions } from './terminal-session'
import type { ActorTerminalOptions } from './subcommands/actor'
import type { BackUpOptions } from './subcommands/back-up'
import type { BaselineOptions } from './subcommands/baseline'
import type { BackupsOptions } from './subcommands/backups'
import type { CheckOptions } from './subcommands/check'
import type { DemoOptions } from './subcommands/demo'
import type { LintCommandOptions } from './subcommands/lint'
import type { MigrateOptions } from './subcommands/migrate'
import type { PlanOptions } from './subcommands/plan'
import type { RestoreOptions } from './subcommands/restore'
import type { RollBackOptions } from './subcommands/roll-back'
import type { RunOptions } from './subcommands/run'
import type { SmokeTerminalOptions } from './subcommands/smoke'
import type { VerifyOptions } from './subcommands/verify'
import { visible } from '../text/safe-text'
import type { Terminal } from './terminal'

/**
 * Runs one command line (without `node` and the script) and returns its exit code. Data goes to the terminal's
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
    // Commander has already printed the error; --help and --version also end here, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.impossible
    throw error
  }
}

/** Each command is loaded when it is called, because they have different dependencies. */
function buildProgram(terminal: Terminal, finish: (work: Promise<number>) => Promise<void>): Command {
  const program = new Command('prisma-audit')
    .description('Audit fields for Prisma and PostgreSQL: live checks, safe migrations, verification and rollback.')
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.output.writeText(visible(text)),
      writeErr: (text) => terminal.log.writeText(visible(text)),
    })
    .showHelpAfterError('Run prisma-audit --help for usage.')
    .configureHelp({ optionDescription })
    .commandsGroup('Other:')
    .helpCommand(true)
    .addHelpText('after', EXIT_CODES_HELP)

  command(program, 'check', 'Compare the schema with the live database and list the findings.')
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
      finish((await import('./subcommands/check')).checkFromTerminal(options, terminal)),
    )

  command(program, 'baseline', 'Save the current findings; check then reports only new ones.')
    .option('--output <file>', 'where to write it (default: prisma-audit.baseline.json next to the policy)')
    .option(...REPLAY)
    .action(async (options: BaselineOptions) =>
      finish((await import('./subcommands/baseline')).baselineFromTerminal(options, terminal)),
    )

  command(
    program,
    'run',
    'Guided run: check, back up, migrate, update the schema, generate, update the application, verify.',
  )
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
      finish((await import('./subcommands/run')).runFromTerminal(options, terminal)),
    )

  command(program, 'plan', 'Show the migration that fixes the findings; changes nothing.')
    .addOption(format(['text', 'json', 'sql', 'down-sql', 'verify-sql'], 'text'))
    .option(...DRIFT)
    .option(...NO_FILES)
    .option('--rehearse', "rehearse it on a copy of the database's structure; exit 1 if that fails", false)
    .option('--scratch-url <url>', 'rehearse in this empty database (default: an embedded PostgreSQL)')
    .action(async (options: PlanOptions) =>
      finish((await import('./subcommands/plan')).planFromTerminal(options, terminal)),
    )

  command(program, 'lint', 'Check SQL migrations for locks, breaking changes and data loss.')
    .argument('[paths...]', "files or folders of SQL (default: the project's migrations that are not applied yet)")
    .addOption(format(LINT_FORMATS, 'text'))
    .option(...REPORT, furtherReport(LINT_FORMATS), [])
    .option('--base <commit>', 'check only migrations that are new since this Git commit, and report edited ones')
    .option(...PATHS_FROM)
    .option('--fail-on <severity>', 'exit with 1 at this severity or higher', oneOf([...SEVERITIES, 'none']), 'warning')
    .action(async (paths: string[], options: LintCommandOptions) =>
      finish((await import('./subcommands/lint')).lintFromTerminal(paths, options, terminal)),
    )

  command(
    program,
    'backup',
    'Back up the database and verify the backup; `backup verify FILE` verifies an existing one.',
  )
    .argument('[verify FILE...]', 'verify an existing backup')
    .addOption(format(['text', 'json'], 'text'))
    .option('--output <folder>', 'where to write it (default: backups/ in the project)')
    .addOption(
      new Option('--scope <scope>', 'the whole database, the tables that the plan changes, or no rows')
        .choices(['database', 'tables', 'structure'])
        .default('database'),
    )
    .addOption(
      new Option('--encrypt-to <recipient>', 'encrypt it with age to this public key, age1… (repeatable)')
        .argParser((recipient: string, before: readonly string[]) => [...before, recipient])
        .default([]),
    )
    .option('--drift', 'with --scope tables: include the tables that `plan --drift` changes', false)
    .option(
      '--jobs <count>',
      'dump that many tables at a time, into a folder (default: from the policy, else 1: one file)',
      jobCount,
    )
    .option(...LEVEL)
    .action(async (words: string[], options: BackUpOptions) =>
      finish((await import('./subcommands/back-up')).backUpFromTerminal(words, options, terminal)),
    )

  command(
    program,
    'backups',
    'List the backups with database, age and verification level; `backups prune` deletes old ones.',
  )
    .argument('[prune]', 'delete the backups that the retention rules do not keep')
    .addOption(format(['text', 'json'], 'text'))
    .option('--output <folder>', 'the folder (default: backups/ in the project)')
    .option(
      '--keep <count>',
      'with prune: how many of the newest to keep (default: from the policy, else 10)',
      positiveInteger,
    )
    .option('--dry-run', 'with prune: only show what would be deleted', false)
    .action(async (action: string | undefined, options: BackupsOptions) =>
      finish((await import('./subcommands/backups')).backupsFromTerminal(action, options, terminal)),
    )

  command(program, 'migrate', 'Run the migration.')
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
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

  command(program, 'actor', 'Write a module that fills updatedBy, createdBy and ownerId with the current user.')
    .option('--output <file>', 'where to write it (default: asks; next to the Prisma client)')
    .addOption(
      new Option('--language <language>', 'language of the module (default: that of the project)').choices(LANGUAGES),
    )
    .option(
      '--without-actor <choice>',
      'without a current user: throw, leave, or use the key of a system user',
      'throw',
    )
    .option('--test', 'also write a test of the module', false)
    .action(async (options: ActorTerminalOptions) =>
      finish((await import('./subcommands/actor')).actorFromTerminal(options, terminal)),
    )

  command(program, 'verify', 'Verify the migration on the live database, including the trigger.')
    .addOption(format(['text', 'json', 'junit'], 'text'))
    .option(...SQL)
    .action(async (options: VerifyOptions) =>
      finish((await import('./subcommands/verify')).verifyFromTerminal(options, terminal)),
    )

  command(program, 'smoke', 'Start the application as described in the policy, test it, and stop it.')
    .addOption(format(['text', 'json'], 'text'))
    .action(async (options: SmokeTerminalOptions) =>
      finish((await import('./subcommands/smoke')).smokeFromTerminal(options, terminal)),
    )

  command(program, 'rollback', 'Roll back the newest migration, in the database and in the schema.')
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
    .option('--drop-data', 'drop columns and tables even if their values cannot be preserved', false)
    .option(...NO_APPLICATION)
    .action(async (options: RollBackOptions) =>
      finish((await import('./subcommands/roll-back')).rollBackFromTerminal(options, terminal)),
    )

  command(program, 'restore', 'Restore a backup into a new database, or into the given one if it is empty.')
    .argument('[file]', 'the backup (default: asks)')
    .option('--into <name>', 'the name of the new database')
    .option('--over', 'replace the given database, after you type its name and it is backed up', false)
    .addOption(new Option('--force', 'as --over').default(false).hideHelp())
    .addOption(
      new Option(
        '--table <name>',
        'load only this table, next to the original, and show which rows differ (repeatable)',
      )
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([])
        .conflicts(['into', 'over', 'force']),
    )
    .addOption(
      new Option('--copy-back <rows>', 'with --table: the rows to copy back: missing, also changed, or all').choices([
        'missing',
        'changed',
        'all',
      ]),
    )
    .addOption(environment())
    .option(...CONFIRM_DATABASE)
    .action(async (file: string | undefined, options: RestoreOptions) =>
      finish((await import('./subcommands/restore')).restoreFromTerminal(file, options, terminal)),
    )

  command(program, 'init', "Write files for the project's repository.")
    .requiredOption('--agents', 'add a section for coding agents to AGENTS.md')
    .action(async (options: Omit<CommonOptions, 'yes'>) =>
      finish((await import('./subcommands/init')).initFromTerminal(options, terminal)),
    )

  command(program, 'mcp', 'Start a Model Context Protocol (MCP) server for agents, on stdio.').action(
    async (options: Omit<CommonOptions, 'yes'>) =>
      finish((await import('./subcommands/mcp')).mcpFromTerminal(options, terminal)),
  )

  command(program, 'sandbox', 'Start an embedded PostgreSQL with the tables of the schema and generated rows.').action(
    async (options: Omit<CommonOptions, 'yes'>) =>
      finish((await import('./subcommands/sandbox')).sandboxFromTerminal({ ...options, yes: false }, terminal)),
  )

  command(
    program,
    'environment',
    'Set the environment of the database (development, staging, production), or mark it as read-only.',
  ).action(async (options: CommonOptions) =>
    finish((await import('./subcommands/environment')).environmentFromTerminal(options, terminal)),
  )

  program
    .command('demo')
    .description('Run the whole workflow on a sample project and an embedded PostgreSQL.')
    .option('--directory <folder>', 'folder for the sample project', 'prisma-audit-demo')
    .option('--serve', 'only start the sample database, to try the commands yourself', false)
    .action(async (options: DemoOptions) =>
      finish((await import('./subcommands/demo')).demoFromTerminal(options, terminal, runCommandLine)),
    )

  // The demo has a project of its own.
  for (const each of program.commands) if (each.name() !== 'demo') addCommonOptions(each)
  for (const [heading, names] of COMMAND_GROUPS) {
    for (const each of program.commands) if (names.includes(each.name())) each.helpGroup(heading)
  }
  return program
}

function command(program: Command, name: string, description: string): Command {
  return program.command(name).description(description)
}

/** Added last, so that the help of a command lists its own options first. */
function addCommonOptions(each: Command): void {
  each
    .optionsGroup('Common options:')
    .option('--schema <path>', 'the Prisma schema, a file or a folder (default: located the same way as Prisma does)')
    .addOption(
      // In a CI system a URL is a secret, and every process can read arguments.
      new Option('--url <url>', 'the database (default: located the same way as Prisma does)').env(
        'PRISMA_AUDIT_DATABASE_URL',
      ),
    )
    .option('--policy <file>', 'the policy (default: the nearest prisma-audit.json)')
    .option('--cwd <folder>', 'run in this folder', '.')
  if (!WITHOUT_YES.has(each.name())) each.option('--yes', 'answer yes to every question', false)
}

/** `mcp`: only a person can confirm what an agent requests. The others ask no question. */
const WITHOUT_YES: ReadonlySet<string> = new Set(['init', 'mcp', 'sandbox'])

/** The headings of the help; commands that are not listed here are under `Other:`. */
const COMMAND_GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['Check:', ['check', 'lint', 'baseline']],
  ['Migrate:', ['run', 'plan', 'migrate', 'generate', 'verify', 'rollback']],
  ['Back up:', ['backup', 'backups', 'restore']],
  ['Application:', ['actor', 'smoke']],
]

/** Commander's descriptions without `(default: false)` and `(default: [])`. */
function optionDescription(option: Option): string {
  const isObvious = option.defaultValue === false || Array.isArray(option.defaultValue)
  return isObvious ? option.description : new Help().optionDescription(option)
}

function format(formats: readonly string[], fallback: string): Option {
  return new Option('--format <format>', 'how to print the result').choices(formats).default(fallback)
}

const LANGUAGES = ['typescript', 'javascript'] as const

/** For a remote database; without it, the stored answer applies. */
function environment(): Option {
  return new Option('--environment <environment>', 'the environment of a remote database').choices(SAID_ENVIRONMENTS)
}

const CONFIRM_DATABASE = [
  '--confirm-database <name>',
  'the name of the database, to confirm without a terminal',
] as const

/** It works without a policy, too. */
const DRIFT = ['--drift', 'also plan everything else that is missing in the database', false] as const
const REPLAY = [
  '--replay',
  'compare with the migrations, replayed in an embedded PostgreSQL, instead of a database',
  false,
] as const
const REPORT = ['--report <format=file>', 'also write the result to a file in this format (repeatable)'] as const
const PATHS_FROM = ['--paths-from <folder>', 'show paths relative to this folder (default: --cwd)'] as const
const LEAVE_KEPT_VALUES = ['--leave-kept-values', 'do not restore values that a rollback preserved', false] as const
const VERBOSE = ['--verbose', 'show the whole plan before asking, not only a summary', false] as const
const SQL = ['--sql', 'show the SQL of every check, not only of failed ones', false] as const
const LEVEL = [
  '--level <level>',
  'how far to verify it: 1 readable, 2 complete, 3 restored, 4 smoke test (default: 3 if that takes under a minute)',
  backupLevel,
] as const
const NO_FILES = ['--no-files', "write no SQL files and no entries in Prisma's history"] as const

const NO_APPLICATION = ['--no-application', "do not edit the application's code"] as const

const EXIT_CODES_HELP = `
Exit codes: 0 success; 1 findings at or above --fail-on, or a failed verification; 2 the command could not run;
3 stopped or interrupted (the output says what was applied).`
