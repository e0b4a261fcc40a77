import { codeServerEditor } from './code-server'
import { EDITOR_VARIABLE, type Editor, type ProvisionedEditor } from './editor'
import { electronEditor } from './electron'

/** The editor that `scripts/editor/run.mjs` provisioned for this process. */
export function provisionedEditor(): Editor {
  const provisioned = JSON.parse(process.env[EDITOR_VARIABLE] ?? 'null') as ProvisionedEditor | null
  if (provisioned === null) throw new Error('Run the editor tests with `node scripts/editor/run.mjs`.')
  return provisioned.kind === 'electron' ? electronEditor(provisioned) : codeServerEditor(provisioned)
}
