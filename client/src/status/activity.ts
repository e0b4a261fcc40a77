import type { Checklist, ServerCommand, StageName } from '../../../protocol/src/index'
import type { Translate } from '../translate'

/** What is being done for a project, in the status bar. */
export type Activity = StageName | 'plan' | 'restore' | 'sandbox'

/**
 * Of the latest command; of one with a checklist, its running stage. Null for commands that only ask or end at once.
 */
export function activityOf(
  running: { readonly command: ServerCommand; readonly isWaiting: boolean } | undefined,
  list: Pick<Checklist, 'stages' | 'end'> | undefined,
): Activity | null {
  if (running === undefined) return null
  if (running.isWaiting) return 'confirm'
  const hasChecklist = running.command === 'guided' || running.command === 'rollback'
  const stage = hasChecklist && list?.end === null ? list.stages.find(({ state }) => state === 'running') : undefined
  return stage?.name ?? ACTIVITIES[running.command]
}

const ACTIVITIES: Readonly<Record<ServerCommand, Activity | null>> = {
  check: 'check',
  backup: 'backup',
  rehearseRestore: 'rehearse',
  restore: 'restore',
  preview: 'plan',
  previewMissing: 'plan',
  rehearse: 'rehearse',
  migrate: 'migrate',
  migrateMissing: 'migrate',
  generate: 'generate',
  verify: 'verify',
  rollback: 'undo',
  guided: 'check',
  actor: 'actor',
  smoke: 'smoke',
  setEnvironment: null,
  startSandbox: 'sandbox',
  stopSandbox: null,
}

export function activityWord(activity: Activity, t: Translate): string {
  switch (activity) {
    case 'check':
      return t('checking')
    case 'rehearse':
      return t('rehearsing')
    case 'backup':
      return t('backing up')
    case 'confirm':
      return t('waiting for confirmation')
    case 'migrate':
      return t('migrating')
    case 'schema':
      return t('editing the schema')
    case 'generate':
      return t('generating')
    case 'actor':
    case 'application':
      return t('editing code')
    case 'smoke':
      return t('testing the application')
    case 'verify':
      return t('verifying')
    case 'undo':
      return t('rolling back')
    case 'plan':
      return t('planning')
    case 'restore':
      return t('restoring')
    case 'sandbox':
      return t('starting sandbox')
  }
}
