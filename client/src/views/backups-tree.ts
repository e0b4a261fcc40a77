import type { ListedBackupAnswer, ProjectStatus } from '../../../protocol/src/index'

/**
 * The view's tree, independent of VS Code: the backups of each project that has any. A single project has no row of its
 * own.
 */
export function backupsTree(
  projects: readonly ProjectBackups[],
  { now, language }: { readonly now: number; readonly language: string },
): readonly BackupsNode[] {
  const [first, ...others] = projects
  if (first === undefined) return []
  const nodesOf = ({ project, backups }: ProjectBackups) =>
    backups.map((backup) => backupNode(project, backup, ageOf(now - Date.parse(backup.createdAt), language)))
  if (others.length === 0) return nodesOf(first)
  return projects.flatMap((each): ProjectNode[] => {
    const { schemaUri, name, databaseLabel } = each.project
    const children = nodesOf(each)
    if (children.length === 0) return []
    const spoken = [name, databaseLabel].filter((words) => words !== '').join(', ')
    return [{ kind: 'project', id: schemaUri, label: name, description: databaseLabel, spoken, tooltip: '', children }]
  })
}

export interface ProjectBackups {
  readonly project: ProjectStatus
  readonly backups: readonly ListedBackupAnswer[]
}

export type BackupsNode = ProjectNode | BackupNode

interface Node {
  /** Stable across changes, so that expanded rows stay expanded. */
  readonly id: string
  readonly label: string
  readonly description: string
  /** For a screen reader. */
  readonly spoken: string
  readonly tooltip: string
}

export interface ProjectNode extends Node {
  readonly kind: 'project'
  readonly children: readonly BackupNode[]
}

export interface BackupNode extends Node {
  readonly kind: 'backup' | 'unusable'
  readonly schemaUri: string
  readonly backupUri: string
  /** Whether it was restored, and the result was equal. */
  readonly isProven: boolean
}

function backupNode(
  { schemaUri }: ProjectStatus,
  { uri, name, level, brief, state, details }: ListedBackupAnswer,
  age: string,
): BackupNode {
  const whole = `${name}, ${age}, ${state}`
  return {
    kind: level === 0 ? 'unusable' : 'backup',
    id: `${schemaUri} ${uri}`,
    ...{ schemaUri, backupUri: uri, label: name, description: `${age}, ${brief}` },
    spoken: whole,
    tooltip: [whole, ...details].join('\n'),
    isProven: level !== null && level >= 3,
  }
}

/** `3 hr. ago`: the row is narrow. If the clock was set back, no backup appears to be from the future. */
function ageOf(milliseconds: number, language: string): string {
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000))
  if (minutes === 0) return words.format(0, 'second')
  if (minutes < 60) return words.format(-minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? words.format(-hours, 'hour') : words.format(-Math.floor(hours / 24), 'day')
}
