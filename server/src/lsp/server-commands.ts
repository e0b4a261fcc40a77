import type { ServerCommand } from '../../../protocol/src/index'
import type { CommandOutcome, Interaction } from '../commands/interaction'
import type { Project } from '../project/project'

type Command = (project: Project, interaction: Interaction) => Promise<CommandOutcome>

/**
 * The commands that an editor can run. Each is loaded when it first runs: together they are half of the server's code.
 */
const SERVER_COMMANDS: Record<ServerCommand, Command> = {
  check: async (...run) => (await import('../commands/check')).checkCommand(...run),
  backup: async (...run) => (await import('../commands/back-up')).backUpCommand(...run),
  rehearseRestore: async (...run) => (await import('../commands/verify-backup')).rehearseRestoreCommand(...run, null),
  restore: async (...run) => (await import('../commands/restore')).restoreCommand(...run, RESTORE),
  preview: async (...run) => (await import('../commands/preview')).previewCommand(...run, { drift: false }),
  previewMissing: async (...run) => (await import('../commands/preview')).previewCommand(...run, { drift: true }),
  rehearse: async (...run) => (await import('../commands/rehearse')).rehearseCommand(...run),
  migrate: async (...run) => (await import('../commands/migrate')).migrateCommand(...run, { ...MIGRATE, drift: false }),
  migrateMissing: async (...run) =>
    (await import('../commands/migrate')).migrateCommand(...run, { ...MIGRATE, drift: true }),
  generate: async (...run) => (await import('../commands/generate')).generateCommand(...run),
  verify: async (...run) => (await import('../commands/verify')).verifyCommand(...run),
  rollback: async (...run) => (await import('../commands/roll-back')).rollBackCommand(...run, ROLL_BACK),
  setEnvironment: async (...run) => (await import('../commands/set-environment')).setEnvironmentCommand(...run),
  startSandbox: async (...run) => (await import('../commands/sandbox')).startSandboxCommand(...run),
  stopSandbox: async (...run) => (await import('../commands/sandbox')).stopSandboxCommand(...run),
  guided: async (project, interaction) => {
    const rehearse = project.choices.rehearsesFirst
    return (await import('../commands/guided')).guidedCommand(project, interaction, { ...GUIDED, rehearse })
  },
  smoke: async (...run) => (await import('../commands/smoke')).smokeCommand(...run, { ask: true }),
  actor: async (...run) => {
    const { ACTOR_DEFAULTS, actorCommand } = await import('../commands/actor')
    return actorCommand(...run, ACTOR_DEFAULTS)
  },
}

/** The commands on a chosen backup, by its path. */
const ON_A_BACKUP: Partial<Record<ServerCommand, (path: string) => Command>> = {
  rehearseRestore:
    (path) =>
    async (...run) =>
      (await import('../commands/verify-backup')).rehearseRestoreCommand(...run, path),
  restore:
    (path) =>
    async (...run) =>
      (await import('../commands/restore')).restoreCommand(...run, { ...RESTORE, path }),
}

export function serverCommand(command: ServerCommand, backup: string | null): Command {
  return (backup === null ? undefined : ON_A_BACKUP[command]?.(backup)) ?? SERVER_COMMANDS[command]
}

const RESTORE = { path: null, into: null, over: false, tables: [], copyBack: null } as const

const MIGRATE = { backup: true, preservedValues: 'ask' } as const

const ROLL_BACK = { dropData: false, application: true } as const

const APPLICATION = { actor: undefined, application: true, smoke: undefined } as const

const GUIDED = { ...MIGRATE, drift: false, ...APPLICATION, verbose: false, sql: false } as const
