import { startSandboxOf } from '../../commands/sandbox'
import { ownDatabaseUrl } from '../../text/data-text'
import { text } from '../../text/safe-text'
import { EXIT } from '../exit-codes'
import type { Terminal } from '../terminal'
import { withProject, type CommonOptions } from '../terminal-session'

/** Serves the sandbox until an interrupt; its URL is data, so that a script can use it. */
export async function sandboxFromTerminal(options: CommonOptions, terminal: Terminal): Promise<number> {
  return await withProject(options, terminal, 'stderr', async ({ project, interaction }) => {
    const { url, server } = await startSandboxOf(project, interaction)
    try {
      terminal.output.writeData(ownDatabaseUrl(url))
      interaction.output(text`Use it with --url from another terminal. It runs until you press Ctrl-C.`)
      await interrupted(terminal.signal, server.ended)
      return EXIT.ok
    } finally {
      await server.stop()
    }
  })
}

async function interrupted(signal: AbortSignal, ended: Promise<void>): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await Promise.race([stopped, ended])
}
