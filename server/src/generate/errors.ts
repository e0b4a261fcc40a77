import { stripVTControlCharacters } from 'node:util'
import { AuditError, messageLine } from '../errors'
import { linesOf, type SafeLine } from '../text/safe-text'
import { phrase } from '../text/phrase'

/** The code of both errors for a missing CLI, so that a caller can continue without generating. */
export const PRISMA_NOT_INSTALLED = 'prisma-not-installed'

export function prismaNotInstalled(folder: string, install: string): AuditError {
  return new AuditError(PRISMA_NOT_INSTALLED, {
    what: phrase`Prisma Client was not generated: the prisma package is not installed in this workspace.`,
    why: phrase`There is no node_modules/prisma in ${folder} or in any folder above it.`,
    nextStep: phrase`Install the project's packages, or run \`${install}\` in ${folder}, and generate again.`,
  })
}

export function prismaPlugAndPlay(folder: string): AuditError {
  return new AuditError(PRISMA_NOT_INSTALLED, {
    what: phrase`Prisma Client was not generated: this workspace uses Yarn Plug'n'Play.`,
    why: phrase`Its packages are in archives that only Yarn can read, so Prisma Audit cannot start the Prisma CLI.`,
    nextStep: phrase`Run \`yarn prisma generate\` in ${folder} yourself, then continue.`,
  })
}

export function cliCouldNotStart(script: string, cause: unknown): AuditError {
  return new AuditError(
    'prisma-cli-start',
    {
      what: phrase`Prisma Client was not generated: the Prisma CLI could not be started.`,
      why: phrase`${script}: ${messageLine(cause)}`,
      nextStep: phrase`Install the project's packages again and retry.`,
    },
    { cause },
  )
}

export function engineDownloadFailed(address: string, output: string): AuditError {
  return new AuditError('prisma-engine-download', {
    what: phrase`Prisma Client was not generated: Prisma could not download its schema engine.`,
    why: [phrase`Prisma downloads it at first use, from ${address}.`, ...messageOf(output)],
    nextStep: phrase`Connect to the network (or set HTTPS_PROXY or PRISMA_ENGINES_MIRROR) and generate again. Without a network, set PRISMA_SCHEMA_ENGINE_BINARY to a copy of the engine. Generating does not run it, so any existing program works.`,
  })
}

export function schemaInvalid(output: string, command: string): AuditError {
  return new AuditError('prisma-schema-invalid', {
    what: phrase`Prisma Client was not generated: Prisma does not accept the schema.`,
    why: messageOf(output),
    nextStep: phrase`Fix the schema and generate again; \`${command}\` shows the same errors.`,
  })
}

export function variableMissing(name: string, output: string): AuditError {
  return new AuditError('prisma-config-variable', {
    what: phrase`Prisma Client was not generated: the Prisma configuration needs ${name}, which is not set.`,
    why: messageOf(output),
    nextStep: phrase`Set ${name} in the environment or in the file that the configuration loads, and generate again.`,
  })
}

export function generateFailed(exitCode: number | null, output: string, command: string): AuditError {
  return new AuditError('generate-failed', {
    what:
      exitCode === null
        ? phrase`Prisma Client was not generated: the Prisma CLI was killed by a signal.`
        : phrase`Prisma Client was not generated: the Prisma CLI exited with code ${String(exitCode)}.`,
    why: messageOf(output),
    nextStep: phrase`Fix the error in the output and generate again; \`${command}\` runs the same command.`,
  })
}

export function generateCancelled(command: string): AuditError {
  return new AuditError('generate-cancelled', {
    what: phrase`Generating Prisma Client was cancelled.`,
    why: phrase`The client may be out of date or incomplete.`,
    nextStep: phrase`Generate again before you start the application, here or with \`${command}\`.`,
  })
}

export function generateTimedOut(command: string, milliseconds: number): AuditError {
  return new AuditError('generate-timeout', {
    what: phrase`Generating Prisma Client took longer than ${String(Math.round(milliseconds / 1000))} s and was stopped.`,
    why: phrase`The client may be out of date or incomplete. The cause may be a generator in the schema or a slow network.`,
    nextStep: phrase`Run \`${command}\` to see where it hangs.`,
  })
}

/** Prisma's own message about a failure, without its notes about loaded files; at most its last forty lines. */
function messageOf(output: string): SafeLine[] {
  const lines = stripVTControlCharacters(output)
    .split(/\r?\n/)
    .filter((line) => !/^(npm warn|Loaded Prisma config|Prisma schema loaded|Prisma config detected)/i.test(line))
  return linesOf(lines.join('\n'), 40)
}
