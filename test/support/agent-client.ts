import path from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { FLAGS_OF_SHORT_PROCESSES } from './node-flags'
import type { SampleWorkspace } from './sample-workspace'

export interface AgentClient {
  /** The text of the answer, also of a failure. */
  call(tool: string, input?: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

/** Starts `prisma-audit mcp` in the workspace. The person types the name of the database whenever the server asks. */
export async function startAgentClient({ folder, environment, database }: SampleWorkspace): Promise<AgentClient> {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } })
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { database: database.name } }))
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...FLAGS_OF_SHORT_PROCESSES, path.join(__BUNDLE_FOLDER__, 'cli.js'), 'mcp'],
      cwd: folder,
      env: { ...process.env, ...environment, XDG_STATE_HOME: folder },
      stderr: 'ignore',
    }),
  )
  return {
    call: async (tool, input = {}) => {
      const { content } = await client.callTool({ name: tool, arguments: input }, undefined, { timeout: 600_000 })
      return (content as { text: string }[])[0]?.text ?? ''
    },
    close: () => client.close(),
  }
}
