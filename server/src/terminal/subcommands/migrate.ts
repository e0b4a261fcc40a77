import type { PreservedValuesChoice } from '../../commands/preserved-values'
import { migrateCommand } from '../../commands/migrate'
import type { Terminal } from '../terminal'
import { withOutcome, type CommonOptions } from '../terminal-session'

export interface MigrateOptions extends CommonOptions {
  readonly leaveKeptValues: boolean
}

export async function migrateFromTerminal(options: MigrateOptions, terminal: Terminal): Promise<number> {
  return await withOutcome(options, terminal, (project, interaction) =>
    migrateCommand(project, interaction, {
      drift: options.drift === true,
      preservedValues: preservedValuesOption(options),
    }),
  )
}

export function preservedValuesOption({
  leaveKeptValues,
}: Pick<MigrateOptions, 'leaveKeptValues'>): PreservedValuesChoice {
  return leaveKeptValues ? 'leave' : 'ask'
}
