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
    const rows = [...page.matchAll(/^\| (`[^|]+) \|[^|]+\|[^|]+\| [^|]{10,} \|$/gm)].map(([, rooms]) => rooms!)
    const described = new Set(rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, room]) => room!)))
    const rooms = floors['server/src'].flat().filter((room) => !room.endsWith('.d.ts'))
    for (const room of [...rooms.map((name) => `server/src/${name}`), 'client/src', 'protocol/src'])
      assert.ok(described.has(room), `ARCHITECTURE.md says nothing of what ${room} may never do`)
  })
})
