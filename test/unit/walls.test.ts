import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import floors from '../../scripts/floors.json'

describe('the walls', () => {
  for (const [folder, rooms] of Object.entries(floors)) {
    it(`give every room of ${folder} one floor, and name none that is not there`, () => {
      assert.deepEqual(rooms.flat().sort(), fs.readdirSync(path.join(__REPOSITORY__, folder)).sort())
    })
  }

  it('stand in ARCHITECTURE.md: for each room what it may never do', () => {
    const page = fs.readFileSync(path.join(__REPOSITORY__, 'ARCHITECTURE.md'), 'utf8')
    const sections = page.split(/^#+ (?=.)/m).filter((section) => /^\*\*Never\*\* \S.{10,}/m.test(section))
    const headings = sections.map((section) => section.split('\n', 1)[0]!)
    const described = new Set(
      headings.flatMap((heading) => [...heading.matchAll(/`([^`]+)`/g)].map(([, room]) => room)),
    )
    const rooms = floors['server/src'].flat().filter((room) => !room.endsWith('.d.ts'))
    for (const room of [...rooms, 'client/src', 'protocol/src', 'action/src'])
      assert.ok(described.has(room), `ARCHITECTURE.md says nothing of what ${room} may never do`)
  })
})
