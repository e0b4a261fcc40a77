import path from 'node:path'
import {
  cliCouldNotStart,
  engineDownloadFailed,
  generateCancelled,
  generateFailed,
  generateTimedOut,
  schemaInvalid,
  variableMissing,
} from './errors'
import { within } from '../signals'
import { findInstallation, type Installation } from './find-installation'
import { withPackagePrograms } from './package-programs'
import { runChild, type ChildOutcome } from './run-child'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface GenerateOptions {
  /** Absolute path of the schema file, or of the folder of a schema in several files. */
  readonly schemaPath: string
  /** Absolute path of the project's root. The CLI's configuration is not searched above it. */
  readonly root: string
  /** The user's environment, which the child inherits. */
  readonly environment: EnvironmentVariables
  readonly signal?: AbortSignal
  /** Each line that the CLI prints, without its line ending. */
  readonly onOutput?: (line: string) => void
  /** Default: five minutes, because third-party generators may be slow. */
  readonly timeoutMilliseconds?: number
}

interface GenerateResult {
  /** Everything that the CLI printed. */
  readonly output: string
  readonly milliseconds: number
  /** The equivalent command, run in `folder`. */
  readonly command: string
  /** Absolute path of the folder in which the CLI ran. */
  readonly folder: string
}

/**
 * Runs `prisma generate` with the CLI that the workspace itself has installed. This runs code of the workspace
 * (`prisma.config.*`, generators): call it in a trusted workspace only.
 *
 * Fails with an AuditError: `prisma-not-installed`, `prisma-cli-start`, `prisma-engine-download`,
 * `prisma-schema-invalid`, `prisma-config-variable`, `generate-failed`, `generate-cancelled`, `generate-timeout`.
 */
export async function generateClient(options: GenerateOptions): Promise<GenerateResult> {
  const { timeoutMilliseconds = 5 * 60_000 } = options
  return await within(timeoutMilliseconds, [options.signal], (signal) =>
    generateUntil(signal, { ...options, timeoutMilliseconds }),
  )
}

async function generateUntil(
  signal: AbortSignal,
  options: GenerateOptions & { readonly timeoutMilliseconds: number },
): Promise<GenerateResult> {
  const { onOutput: onLine = () => undefined, timeoutMilliseconds } = options
  const start = performance.now()
  const installation = findInstallation(options.schemaPath, options.root)
  const command = commandByHand(installation, options.schemaPath)
  const inherited = withPackagePrograms(options.environment, installation.folder)
  let environment: Record<string, string | undefined> = { ...inherited, ...QUIET, ...electronAsNode() }
  let output = ''
  for (;;) {
    const outcome = await runCli(installation, options.schemaPath, { environment, signal, onLine })
    output += outcome.output
    if (options.signal?.aborted === true) throw generateCancelled(command)
    if (signal.aborted) throw generateTimedOut(command, timeoutMilliseconds)
    if (outcome.exitCode === 0) break
    const name = unresolvedVariable(outcome.output)
    if (name === null || environment[name] !== undefined) throw failureOf(outcome, command)
    // A configuration that reads the variable of its URL fails without it, although generating needs no database.
    const note = `${name} is not set. Generating needs no database, so a placeholder is used.`
    output += `${note}\n`
    onLine(note)
    environment = { ...environment, [name]: PLACEHOLDER_URL }
  }
  return { output, milliseconds: performance.now() - start, command, folder: installation.folder }
}

const PLACEHOLDER_URL = 'postgresql://placeholder@localhost:5432/placeholder'

/** Colors and update notices do not belong in an output panel. */
const QUIET = { NO_COLOR: '1', FORCE_COLOR: undefined, PRISMA_HIDE_UPDATE_MESSAGE: '1' }

/** In VS Code, `process.execPath` is Electron, which behaves like Node only with this variable. */
function electronAsNode(): Record<string, string> {
  return process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }
}

async function runCli(
  installation: Installation,
  schemaPath: string,
  options: {
    environment: EnvironmentVariables
    signal: AbortSignal
    onLine: (line: string) => void
  },
): Promise<ChildOutcome> {
  try {
    return await runChild(process.execPath, [installation.script, 'generate', '--schema', schemaPath], {
      ...options,
      folder: installation.folder,
    })
  } catch (error) {
    throw cliCouldNotStart(installation.script, error)
  }
}

function commandByHand(installation: Installation, schemaPath: string): string {
  const relative = path.relative(installation.folder, schemaPath)
  const argument = relative.includes(' ') ? `"${relative}"` : relative
  return `${installation.runner} prisma generate --schema ${argument}`
}

/** Prisma 7: `Cannot resolve environment variable: X.` Prisma 6: `Missing required environment variable: X`. */
function unresolvedVariable(output: string): string | null {
  return /(?:Cannot resolve|Missing required) environment variable: (\w+)/.exec(output)?.[1] ?? null
}

function failureOf({ exitCode, output }: ChildOutcome, command: string): Error {
  const engineAddress =
    /request to (\S+\/all_commits\/\S+) failed/.exec(output)?.[1] ??
    /Failed to fetch (?:the engine file|sha256 checksum) at (\S+)/.exec(output)?.[1]
  if (engineAddress !== undefined) return engineDownloadFailed(engineAddress, output)
  const variable = unresolvedVariable(output)
  if (variable !== null) return variableMissing(variable, output)
  if (/\bP1012\b|Prisma schema validation/.test(output)) return schemaInvalid(output, command)
  return generateFailed(exitCode, output, command)
}
