import assert from 'node:assert/strict'
import fs from 'node:fs'
import * as vscode from 'vscode'
import type { TestInterface } from '../../../client/src/test-interface'
import { EVIDENCE_VARIABLE } from '../harness/results'
import { activateExtension, openFile, until, untilFindings } from './in-editor'

describe('in an untrusted workspace', () => {
  let extension: TestInterface

  before(async () => {
    const schema = await openFile('backend/prisma/schema.prisma')
    extension = await activateExtension()
    await untilFindings(schema, ['missing-updated-at@10', 'missing-updated-by@10', 'missing-owner-id@18'])
  })

  it('is not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false)
  })

  it('reads the schema against the policy, and says that it is not connected', async () => {
    await until(extension.onDidChangeStatus, () => {
      assert.deepEqual(
        extension.statuses().map(({ connection, catalogReadAt }) => ({ connection, catalogReadAt })),
        [{ connection: 'untrusted', catalogReadAt: null }],
      )
    })
    assert.match(extension.statusText(), /workspace not trusted/)
  })

  it('refuses every command', async () => {
    extension.answerConfirmations(({ message }) => assert.fail(`asked: ${message}`))
    for (const name of COMMANDS) await vscode.commands.executeCommand(`prismaAudit.${name}`)
    assert.equal(extension.outputText(), '')
  })

  it('connected to nothing and executed nothing of the workspace', () => {
    assert.deepEqual(fs.readdirSync(process.env[EVIDENCE_VARIABLE] ?? ''), [])
  })
})

const COMMANDS = [
  'check',
  'backup',
  'rehearseRestore',
  'restore',
  'preview',
  'previewMissing',
  'migrateMissing',
  'migrate',
  'generate',
  'verify',
  'rollback',
  'guided',
  'actor',
  'connect',
]
