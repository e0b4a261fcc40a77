import path from 'node:path'
import { serveAgents } from '../../agents/serve-agents'
import { text } from '../../text/safe-text'
import { sweepTemporaryFolders } from '../../temporary-folders'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { reportingErrors, type CommonOptions } from '../terminal-session'

/** Serves agents until their end of the pipe closes; stdout belongs to the protocol. */
export async function mcpFromTerminal(options: Omit<CommonOptions, 'yes'>, terminal: Terminal): Promise<number> {
  sweepTemporaryFolders()
  return await reportingErrors(terminal, async () => {
    const folder = path.resolve(terminal.workingFolder, options.cwd)
    await serveAgents({
      version: terminal.version,
      input: terminal.input,
      output: terminal.output.raw,
      project: {
        folder,
        schemaPath: options.schema === undefined ? null : path.resolve(folder, options.schema),
        policyPath: options.policy === undefined ? null : path.resolve(folder, options.policy),
        url: options.url ?? null,
        environment: terminal.environment,
        secrets: terminal.secrets,
      },
      signal: terminal.signal,
      onLog: (file) =>
        terminal.log.writeText(text`Serving agents over stdio. What they ask for is written to ${file}.`),
    })
    return EXIT.ok
  })
}
