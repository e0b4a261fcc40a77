import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import * as vscode from 'vscode'
import { activateExtension, openFile, untilFindings } from './in-editor'

describe('hundreds of checks in the Test Explorer', () => {
  it('get rows when their model is expanded: VS Code stood still for seconds with thousands of rows', async () => {
    const schema = await openFile('backend/prisma/schema.prisma')
    const extension = await activateExtension()
    const checks = Array.from({ length: 250 }, (_, index) => ({ request: `GET /${index}` }))
    const application = { start: ['node', '-v'], ready: 'http://127.0.0.1:9/', checks }
    const policy = { userModel: 'User', rules: [{ models: ['Lead'], require: ['ownerId'] }], application }
    const folder = path.resolve(path.dirname(schema.fileName), '..', '..')
    fs.writeFileSync(path.join(folder, 'many-checks.json'), JSON.stringify(policy))
    const settings = vscode.workspace.getConfiguration('prismaAudit')
    await settings.update('policyFile', 'many-checks.json', vscode.ConfigurationTarget.Workspace)
    await untilFindings(schema, ['missing-owner-id@18'])

    const controller = extension.testController()
    assert.ok(controller?.resolveHandler)
    await controller.resolveHandler(undefined)
    const [, project] = [...controller.items][0]!
    await controller.resolveHandler(project)
    const model = () => project.children.get('Application')
    const rows = () => [model()?.children.size, model()?.canResolveChildren]
    assert.deepEqual(rows(), [0, true])
    await controller.resolveHandler(model())
    assert.deepEqual(rows(), [250, false])
    await settings.update('policyFile', undefined, vscode.ConfigurationTarget.Workspace)
    await untilFindings(schema, ['missing-updated-at@10', 'missing-updated-by@10', 'missing-owner-id@18'])
  })
})
