import { Command, CommanderError, Help, Option } from 'commander'
import { addApplicationCommands } from './command-line/application-commands'
import { addBackupCommands } from './command-line/backup-commands'
import { addCheckCommands } from './command-line/check-commands'
import type { CommandSetup } from './command-line/command-setup'
import { addMigrateCommands } from './command-line/migrate-commands'
import { addOtherCommands } from './command-line/other-commands'
import { AuditError } from '../errors'
import { renderErrorJson } from '../report/error-json'
import { untranslated } from '../text/phrase'
import { EXIT } from './exit-codes'
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
    if (!(error instanceof CommanderError)) throw error
    // Commander has already printed the error; --help and --version also end here, with code 0.
    if (error.exitCode === 0) return EXIT.ok
    if (asksForJson(words)) terminal.output.writeData(renderErrorJson(commandLineInvalid(error)))
    return EXIT.impossible
  }
}

/** Read from the words themselves, as the command line is invalid: a program that asked for JSON reads the error. */
function asksForJson(words: readonly string[]): boolean {
  return words.some((word, at) => word === '--format=json' || (word === '--format' && words[at + 1] === 'json'))
}

function commandLineInvalid({ message }: CommanderError): AuditError {
  return new AuditError('command-line-invalid', {
    what: untranslated`The command line is invalid: ${message.replace(/^error: /, '')}`,
    why: '',
    nextStep: untranslated`Run \`prisma-audit --help\` for usage.`,
  })
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
    // The heading of `help`, which `helpCommand` adds.
    .commandsGroup('Other:')
    .helpCommand(true)
    .addHelpText('after', EXIT_CODES_HELP)
    .hook('preAction', (_, command) => refuseEmptyValues(command))

  const setup: CommandSetup = { program, terminal, finish, runAgain: runCommandLine }
  addCheckCommands(setup)
  addMigrateCommands(setup)
  addBackupCommands(setup)
  addApplicationCommands(setup)
  addOtherCommands(setup)
  // The demo has a project of its own.
  for (const each of program.commands) if (each.name() !== 'demo') addCommonOptions(each)
  return program
}

/** Added last, so that the help of a command lists its own options first. */
function addCommonOptions(each: Command): void {
  each
    .optionsGroup('Common options:')
    .option('--schema <path>', 'the Prisma schema, a file or a folder (default: the one that Prisma uses)')
    .addOption(
      // In a CI system a URL is a secret, and every process can read arguments.
      new Option('--url <url>', 'the database (default: the one that Prisma uses)').env('PRISMA_AUDIT_DATABASE_URL'),
    )
    .option('--policy <file>', 'the policy (default: the nearest prisma-audit.json)')
    .option('--cwd <folder>', 'run in this folder', '.')
  if (!WITHOUT_YES.has(each.name())) each.option('--yes', 'answer yes to every question', false)
}

/**
 * An empty value comes from a variable that is not set (`--url "$STAGING_URL"`): the default would take its place, such
 * as the database in `.env`, or the current folder. A variable of the environment that is empty counts as not set.
 */
function refuseEmptyValues(command: Command): void {
  const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.includes('') : value === '')
  for (const option of command.options) {
    const name = option.attributeName()
    if (isEmpty(command.getOptionValue(name)) && command.getOptionValueSource(name) !== 'env') {
      command.error(`error: option '${option.flags}' has an empty value`)
    }
  }
  if (isEmpty(command.args)) command.error('error: an argument is empty')
}

/** `mcp`: only a person can confirm what an agent requests. The others ask no question. */
const WITHOUT_YES: ReadonlySet<string> = new Set(['init', 'mcp', 'sandbox'])

/** Commander's descriptions without `(default: false)` and `(default: [])`. */
function optionDescription(option: Option): string {
  const isObvious = option.defaultValue === false || Array.isArray(option.defaultValue)
  return isObvious ? option.description : new Help().optionDescription(option)
}

const EXIT_CODES_HELP = `
Exit codes: 0 success; 1 findings at or above --fail-on, or a failed verification; 2 the command could not run;
3 stopped or interrupted (the output says what was applied).`
