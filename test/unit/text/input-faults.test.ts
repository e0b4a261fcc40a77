import assert from 'node:assert/strict'
import * as z from 'zod'
import { describeFaults } from '../../../server/src/text/input-faults'

it('the faults of an input are one line, each with its place', () => {
  const schema = z.object({ planHash: z.string(), steps: z.array(z.object({ name: z.string() })) })
  const read = schema.safeParse({ planHash: 1, steps: [{ name: null }] })
  assert.ok(!read.success)
  assert.equal(
    describeFaults(read.error),
    'planHash: Invalid input: expected string, received number; steps[0].name: Invalid input: expected string, received null',
  )
  const whole = schema.safeParse([])
  assert.ok(!whole.success)
  assert.equal(describeFaults(whole.error), 'Invalid input: expected object, received array')
})
