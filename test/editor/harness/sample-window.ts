import type { EditorWindow, WindowOptions } from './editor'
import { provisionedEditor } from './provisioned'
import type { SampleWorkspace } from './workspace'

/** The sample's schema in a trusted window, with the extension from this repository. */
export function openSampleWindow(
  { folder, schemaFile, profile, environment }: SampleWorkspace,
  other: Partial<WindowOptions> = {},
): Promise<EditorWindow> {
  return provisionedEditor().openWindow({
    workspace: folder,
    file: schemaFile,
    profile,
    environment,
    trusted: true,
    development: true,
    ...other,
  })
}
