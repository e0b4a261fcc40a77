import { Option } from 'commander'
import type { ActorTerminalOptions } from '../subcommands/actor'
import type { SmokeTerminalOptions } from '../subcommands/smoke'
import type { CommandSetup } from './command-setup'
import { format, LANGUAGES } from './shared-options'

export function addApplicationCommands({ program, terminal, finish }: CommandSetup): void {
  program.commandsGroup('Application:')

  program
    .command('actor')
    .description('Write a module that fills updatedBy, createdBy and ownerId with the current user.')
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
      finish((await import('../subcommands/actor')).actorFromTerminal(options, terminal)),
    )

  program
    .command('smoke')
    .description('Start the application as described in the policy, test it, and stop it.')
    .addOption(format(['text', 'json'], 'text'))
    .action(async (options: SmokeTerminalOptions) =>
      finish((await import('../subcommands/smoke')).smokeFromTerminal(options, terminal)),
    )
}
