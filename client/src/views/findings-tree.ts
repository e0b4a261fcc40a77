import type { ProjectStatus } from '../../../protocol/src/index'
import { projectAround } from '../status/project-around'
import { findingCount, stateWords } from '../status/status-text'
import type { Translate } from '../translate'

/**
 * The view's tree, independent of VS Code: projects, the models with findings, the findings. A single project has no
 * row of its own.
 */
export function findingsTree(
  t: Translate,
  projects: readonly ProjectStatus[],
  findings: readonly ListedFinding[],
): readonly FindingsNode[] {
  const [only] = projects
  if (only === undefined) return []
  if (projects.length === 1) return groupsOf(t, only, findings)
  const byProject = groupBy(findings, ({ uri }) => projectAround(uri, projects)?.schemaUri)
  return [...projects].sort(byName).map((project) => ({
    kind: 'project',
    id: project.schemaUri,
    label: project.name,
    description: stateWords(t, project),
    spoken: [project.name, project.databaseLabel, stateWords(t, project)].filter((words) => words !== '').join(', '),
    schemaUri: project.schemaUri,
    children: groupsOf(t, project, byProject.get(project.schemaUri) ?? []),
  }))
}

/** A finding as listed in the editor. Lines and characters are zero-based. */
export interface ListedFinding {
  readonly uri: string
  readonly line: number
  readonly character: number
  readonly severity: 'error' | 'warning' | 'information'
  readonly code: string
  readonly message: string
  /** Null if it concerns no model: it is listed under its file. */
  readonly model: string | null
}

export type FindingsNode = ProjectNode | GroupNode | FindingNode

interface Node {
  readonly label: string
  readonly description: string
  /** For a screen reader. */
  readonly spoken: string
}

export interface ProjectNode extends Node {
  readonly kind: 'project'
  readonly id: string
  readonly schemaUri: string
  readonly children: readonly GroupNode[]
}

/** A model; or a file, with the findings that concern no model. */
export interface GroupNode extends Node {
  readonly kind: 'model' | 'file'
  /** Stable across checks, so that expanded rows stay expanded. */
  readonly id: string
  readonly children: readonly FindingNode[]
}

export interface FindingNode extends Node {
  readonly kind: 'finding'
  readonly finding: ListedFinding
}

function groupsOf(
  t: Translate,
  { schemaUri }: ProjectStatus,
  findings: readonly ListedFinding[],
): readonly GroupNode[] {
  const groups = groupBy(findings, ({ model, uri }) => (model === null ? `file ${uri}` : `model ${model}`))
  return [...groups]
    .flatMap(([key, members]): GroupNode[] => {
      const [first] = members
      if (first === undefined) return []
      const label = first.model ?? fileName(first.uri)
      const description = findingCount(t, members.length)
      return [
        {
          kind: first.model === null ? 'file' : 'model',
          id: `${schemaUri} ${key}`,
          label,
          description,
          spoken: `${label}, ${description}`,
          children: [...members].sort(byPlace).map((member) => findingNode(t, member)),
        },
      ]
    })
    .sort(byKindAndLabel)
}

function findingNode(t: Translate, finding: ListedFinding): FindingNode {
  const { message, severity, line } = finding
  const spokenSeverity = { error: t('error'), warning: t('warning'), information: t('information') }[severity]
  return {
    kind: 'finding',
    label: message,
    description: t('Ln {0}', line + 1),
    spoken: t('{0}: {1} Line {2}', spokenSeverity, message, line + 1),
    finding,
  }
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1))
}

function byName(left: ProjectStatus, right: ProjectStatus): number {
  return left.name.localeCompare(right.name)
}

/** Findings that concern no model come first: an invalid policy hides all others. */
function byKindAndLabel(left: GroupNode, right: GroupNode): number {
  return left.kind.localeCompare(right.kind) || left.label.localeCompare(right.label)
}

function byPlace(left: ListedFinding, right: ListedFinding): number {
  return left.uri.localeCompare(right.uri) || left.line - right.line || left.character - right.character
}

/** `Map.groupBy`, which our oldest supported VS Code does not have. */
function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
