import { serveAgents } from '../../agents/serve-agents'
import { text } from '../../text/safe-text'
import { sweepTemporaryFolders } from '../../files/temporary-folders'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { projectOptions, reportingErrors, type CommonOptions } from '../terminal-session'

export interface McpOptions extends Omit<CommonOptions, 'yes'> {
  readonly readOnly: boolean
}

/** Serves agents until the input closes; stdout belongs to the protocol. */
export async function mcpFromTerminal(options: McpOptions, terminal: Terminal): Promise<number> {
  sweepTemporaryFolders()
  return await reportingErrors(terminal, async () => {
    await serveAgents({
      version: terminal.version,
      input: terminal.input,
      output: terminal.output.raw,
      project: projectOptions(options, terminal),
      readOnly: options.readOnly,
      signal: terminal.signal,
      onLog: (file) => terminal.log.writeText(text`Serving agents over stdio. Calls are logged to ${file}.`),
    })
    return EXIT.ok
  })
}
