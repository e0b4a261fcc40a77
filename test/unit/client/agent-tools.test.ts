import assert from 'node:assert/strict'
import * as z from 'zod'
import manifest from '../../../package.json'
import { AGENT_TOOL_NAMES } from '../../../protocol/src/index'
import { AGENT_TOOLS } from '../../../server/src/agents/tools'

describe('language model tools', () => {
  it('are in package.json as the server knows them', () => {
    const wanted = AGENT_TOOLS.map(({ name, description, input }) => {
      const { type, properties, required, additionalProperties } = z.toJSONSchema(z.object(input))
      const inputSchema = { type, properties, ...(required && { required }), additionalProperties }
      return { name: `prisma_audit_${name}`, modelDescription: description, inputSchema }
    })
    const contributed = manifest.contributes.languageModelTools.map(({ name, modelDescription, inputSchema }) => {
      return { name, modelDescription, inputSchema }
    })
    assert.deepEqual(contributed, wanted)
    assert.deepEqual(
      AGENT_TOOLS.map(({ name }) => name),
      AGENT_TOOL_NAMES,
    )
  })

  it('can say what a person agrees to, wherever they write', () => {
    for (const { name, writes, consent } of AGENT_TOOLS) assert.equal(consent !== undefined, writes, name)
  })
})
