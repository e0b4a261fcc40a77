import type { DemoOptions } from '../subcommands/demo'
import type { McpOptions } from '../subcommands/mcp'
import type { CommonOptions } from '../terminal-session'
import type { CommandSetup } from './command-setup'

export function addOtherCommands({ program, terminal, finish, runAgain }: CommandSetup): void {
  program.commandsGroup('Other:')

  program
    .command('init')
    .description("Write files for the project's repository.")
    .requiredOption('--agents', 'add a section for coding agents to AGENTS.md')
    .action(async (options: Omit<CommonOptions, 'yes'>) =>
      finish((await import('../subcommands/init')).initFromTerminal(options, terminal)),
    )

  program
    .command('mcp')
    .description('Start a Model Context Protocol (MCP) server for agents, on stdio.')
    .option('--read-only', 'serve only the tools that read', false)
    .action(async (options: McpOptions) =>
      finish((await import('../subcommands/mcp')).mcpFromTerminal(options, terminal)),
    )

  program
    .command('sandbox')
    .description('Start an embedded PostgreSQL with the tables of the schema and generated rows.')
    .action(async (options: Omit<CommonOptions, 'yes'>) =>
      finish((await import('../subcommands/sandbox')).sandboxFromTerminal({ ...options, yes: false }, terminal)),
    )

  program
    .command('environment')
    .description('Set the environment of the database (development, staging, production), or mark it as read-only.')
    .action(async (options: CommonOptions) =>
      finish((await import('../subcommands/environment')).environmentFromTerminal(options, terminal)),
    )

  program
    .command('demo')
    .description('Run the whole workflow on a sample project and an embedded PostgreSQL.')
    .option('--directory <folder>', 'folder for the sample project', 'prisma-audit-demo')
    .option('--serve', 'only start the sample database, to try the commands yourself', false)
    .action(async (options: DemoOptions) =>
      finish((await import('../subcommands/demo')).demoFromTerminal(options, terminal, runAgain)),
    )
}
