import { usePostgres } from '../../support/postgres'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'
import { restoreBackup } from '../../../server/src/backup/restore-backup'
describe('size', () => {
  const server = usePostgres(); const folder = useFolder()
  it('time', async function () {
    this.timeout(400000)
    const db = await server.createDatabase(`create table t as select i as id, md5(i::text) as a, now() as at, repeat(md5(i::text), 3) b from generate_series(1, 1350000) i;`)
    console.log(await db.query('select pg_size_pretty(pg_database_size(current_database()))'))
    const s = Date.now()
    const b = await backUpTo(folder(), db.url, {...NOTHING_INSTALLED, onProgress: m => console.log((Date.now()-s)/1000, m)})
    console.log((Date.now()-s)/1000, b)
    const target = await server.createDatabase()
    await restoreBackup({ path: b.path, url: target.url, environment: process.env })
    console.log((Date.now()-s)/1000)
  })
})
