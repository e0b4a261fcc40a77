import path from 'node:path'
import type { ModuleForm } from '../../actor/render-module'
import { actorCommand } from '../../commands/actor'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface ActorTerminalOptions extends CommonOptions {
  readonly output?: string
  readonly language?: ModuleForm['language']
  /** `throw`, `leave`, or a key. */
  readonly withoutActor: string
  readonly test: boolean
}

export async function actorFromTerminal(options: ActorTerminalOptions, terminal: Terminal): Promise<number> {
  const { output, language, withoutActor, test, cwd } = options
  return await withOutcome(options, terminal, (project, interaction) =>
    actorCommand(project, interaction, {
      output: output === undefined ? null : path.resolve(terminal.workingFolder, cwd, output),
      language: language ?? null,
      test,
      withoutActor: withoutActor === 'throw' || withoutActor === 'leave' ? withoutActor : { use: withoutActor },
    }),
  )
}
