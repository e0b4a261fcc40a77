import assert from 'node:assert/strict'
import path from 'node:path'
import { withPackagePrograms } from '../../../server/src/generate/package-programs'

describe('the programs of packages', () => {
  it('come first in PATH, the nearest before those above', () => {
    const { PATH, HOME } = withPackagePrograms({ PATH: '/usr/bin', HOME: '/home/a' }, '/w/packages/db', path.posix)
    assert.equal(
      PATH,
      '/w/packages/db/node_modules/.bin:/w/packages/node_modules/.bin:/w/node_modules/.bin:/node_modules/.bin:/usr/bin',
    )
    assert.equal(HOME, '/home/a')
    assert.equal(withPackagePrograms({}, '/', path.posix).PATH, '/node_modules/.bin')
  })

  it('come first on Windows, too, which spells it otherwise', () => {
    assert.deepEqual(withPackagePrograms({ Path: 'C:\\Windows' }, 'C:\\w', path.win32), {
      Path: 'C:\\w\\node_modules\\.bin;C:\\node_modules\\.bin;C:\\Windows',
    })
  })
})
