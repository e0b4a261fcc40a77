import { Option } from 'commander'
import { jobCount, positiveInteger } from '../output-formats'
import type { BackUpOptions } from '../subcommands/back-up'
import type { BackupsOptions } from '../subcommands/backups'
import type { RestoreOptions } from '../subcommands/restore'
import type { CommandSetup } from './command-setup'
import { format, environment, CONFIRM_DATABASE, LEVEL } from './shared-options'

export function addBackupCommands({ program, terminal, finish }: CommandSetup): void {
  program.commandsGroup('Back up:')

  program
    .command('backup')
    .description('Back up the database and verify the backup; `backup verify FILE` verifies an existing one.')
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
      'number of tables to dump at a time, into a folder (default: from the policy, else 1, into one file)',
      jobCount,
    )
    .option(...LEVEL)
    .option(
      '--embedded',
      'restore for level 3 into the embedded PostgreSQL, where code in the backup cannot reach your server',
      false,
    )
    .action(async (words: string[], options: BackUpOptions) =>
      finish((await import('../subcommands/back-up')).backUpFromTerminal(words, options, terminal)),
    )

  program
    .command('backups')
    .description('List the backups with database, age and verification level; `backups prune` deletes old ones.')
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
      finish((await import('../subcommands/backups')).backupsFromTerminal(action, options, terminal)),
    )

  program
    .command('restore')
    .description('Restore a backup into a new database, or into the given one if it is empty.')
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
      finish((await import('../subcommands/restore')).restoreFromTerminal(file, options, terminal)),
    )
}
