import { COMMAND_TITLES, type CommandOutcome, type ServerCommand } from '../../../protocol/src/index'
import type { NextAction } from '../commands/interaction'
import type { Translate } from '../text/translate'

export type NextCommand = NonNullable<CommandOutcome['next']>[number]

/** The likely next action, as a button. `command` is the one that just ended. */
export function nextCommand(t: Translate, action: NextAction, command: ServerCommand): NextCommand {
  switch (action) {
    case 'connect':
      return { command: 'connect', label: t('Connect to Database…') }
    case 'continue':
      return { command, label: t('Continue') }
    case 'retry':
      return { command, label: t('Retry') }
    case 'roll-back':
      return { command: 'rollback', label: t('Roll Back') }
    case 'verify':
      return { command: 'verify', label: t('Verify') }
    case 'migrate':
      return { command: 'guided', label: t(COMMAND_TITLES.guided) }
    case 'actor':
      return { command: 'actor', label: t(COMMAND_TITLES.actor) }
    case 'back-up':
      return { command: 'backup', label: t(COMMAND_TITLES.backup) }
    case 'generate':
      return { command: 'generate', label: t(COMMAND_TITLES.generate) }
    case 'check':
      return { command: 'check', label: t(COMMAND_TITLES.check) }
    case 'problems':
      return { command: 'showProblems', label: t('Show Problems') }
    case 'create-policy':
      return { command: 'createPolicy', label: t('Create Audit Policy') }
    case 'coverage':
      return { command: 'showCoverage', label: t('Show Coverage') }
  }
}
