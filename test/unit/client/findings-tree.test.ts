import assert from 'node:assert/strict'
import { findingsTree, type FindingsNode, type ListedFinding } from '../../../client/src/views/findings-tree'
import { welcomeOf } from '../../../client/src/views/welcome'
import type { ProjectStatus } from '../../../protocol/src/index'
import { inEnglish } from '../../../server/src/text/translate'

describe('the view of findings', () => {
  it('lists models by name and findings by place, under no project where there is one only', () => {
    const roots = findingsTree(
      inEnglish,
      [project('shop')],
      [
        finding('shop', 'User', 9),
        finding('shop', 'Lead', 20),
        finding('shop', 'User', 3),
        { ...finding('shop', null, 0), uri: 'file:///w/shop/prisma-audit.json' },
      ],
    )
    assert.deepEqual(lines(roots), [
      'prisma-audit.json, 1 finding',
      '  warning: said. Line 1',
      'Lead, 1 finding',
      '  warning: said. Line 21',
      'User, 2 findings',
      '  warning: said. Line 4',
      '  warning: said. Line 10',
    ])
  })

  it('lists several projects, each with its own and with how it stands', () => {
    const offline: ProjectStatus = { ...project('shop'), connection: 'unreachable' }
    const roots = findingsTree(inEnglish, [offline, project('blog')], [finding('shop', 'User', 1)])
    assert.deepEqual(lines(roots), [
      'blog, crm on localhost:5432, in sync',
      'shop, crm on localhost:5432, offline',
      '  User, 1 finding',
      '    warning: said. Line 2',
    ])
    assert.deepEqual(findingsTree(inEnglish, [], [finding('shop', 'User', 1)]), [])
  })

  const welcomes: readonly (readonly [string, Partial<ProjectStatus>])[] = [
    ['inStep', {}],
    ['policy', { policy: 'none' }],
    ['connect', { policy: 'none', connection: 'none' }],
    ['connect', { connection: 'refused' }],
    ['offline', { connection: 'unreachable' }],
    ['untrusted', { connection: 'untrusted', catalogReadAt: null }],
    ['unfinished', { hasUnfinishedMigration: true }],
    ['checking', { catalogReadAt: null }],
  ]
  for (const [expected, change] of welcomes) {
    it(`leads on from ${JSON.stringify(change)}: ${expected}`, () => {
      assert.equal(welcomeOf({ ...project('shop'), ...change }), expected)
    })
  }
})

function project(name: string): ProjectStatus {
  return {
    rootUri: `file:///w/${name}`,
    schemaUri: `file:///w/${name}/prisma/schema.prisma`,
    documentUri: `file:///w/${name}/prisma/schema.prisma`,
    name,
    isPostgresql: true,
    policy: 'valid',
    hasUnfinishedMigration: false,
    connection: 'connected',
    databaseLabel: 'crm on localhost:5432',
    environment: 'local',
    isReadOnly: false,
    detail: '',
    catalogReadAt: 1,
    findings: { error: 0, warning: 0, information: 0, hint: 0 },
  }
}

function finding(name: string, model: string | null, line: number): ListedFinding {
  const uri = `file:///w/${name}/prisma/schema.prisma`
  return { uri, line, character: 0, severity: 'warning', code: 'column-missing', message: 'said.', model }
}

function lines(nodes: readonly FindingsNode[], indent = ''): string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.spoken}`,
    ...(node.kind === 'finding' ? [] : lines(node.children, `${indent}  `)),
  ])
}
