import { to as copyTo } from 'pg-copy-streams'
import type { DatabaseClient } from '../../database/connect'
import detailsQuery from './large-objects.sql'
import { inPages } from './pages'

/** Receives statements, and where those begin that may be read apart from the ones before them. */
export interface StatementSink {
  begin(): Promise<void>
  write(piece: string | Buffer): Promise<void>
}

/**
 * Writes the statements that create the large objects, with their owners, privileges and comments, in small parts: a
 * database may have millions of them, and one may have terabytes.
 */
export async function writeLargeObjects(client: DatabaseClient, sink: StatementSink): Promise<void> {
  for await (const objects of inPages<LargeObject>(client, OBJECTS, OBJECTS_PER_PAGE)) {
    let bytes = Infinity
    for (const { oid, start } of objects) {
      if (bytes > BYTES_PER_PART) {
        await sink.begin()
        bytes = 0
      }
      bytes += start.length
      await sink.write(createObject(oid))
      if (start.length > 0) await sink.write(`SELECT pg_catalog.lo_put(${oid}, 0, '\\x${start.toString('hex')}');\n`)
      if (start.length === START) await writeRest(client, oid, sink)
    }
  }
  for await (const details of inPages<{ readonly statement: string }>(client, detailsQuery, DETAILS_PER_PAGE)) {
    await sink.begin()
    await sink.write(details.map(({ statement }) => `${statement}\n`).join(''))
  }
}

interface LargeObject {
  readonly oid: string
  readonly start: Buffer
}

/** Bytes that come with the object itself: most objects have no more, and need no query of their own. */
const START = 8_000
const OBJECTS_PER_PAGE = 100
const DETAILS_PER_PAGE = 1_000
/** Bytes of a large object per statement, and about as many of several objects per part. */
const PIECE = 30_000
const BYTES_PER_PART = PIECE - START

const OBJECTS = `SELECT m.oid::pg_catalog.text AS oid, pg_catalog.lo_get(m.oid, 0, ${START}) AS start
  FROM pg_catalog.pg_largeobject_metadata AS m ORDER BY m.oid`

/** By COPY, whose output is passed on as it comes: texts in our memory would stay there until they are collected. */
async function writeRest(client: DatabaseClient, oid: string, sink: StatementSink): Promise<void> {
  for (let place = START; ; place += PIECE) {
    let isEmpty = true
    for await (const piece of client.query(copyTo(copyOfPiece(oid, place)))) {
      // One part each, because the reader splits a part into statements as a whole.
      if (isEmpty) await sink.begin()
      isEmpty = false
      await sink.write(piece as Buffer)
    }
    if (isEmpty) return
  }
}

/** CSV, with a quote and a delimiter that do not occur, writes a line as it is. */
function copyOfPiece(oid: string, place: number): string {
  return `COPY (
    SELECT pg_catalog.format($$SELECT pg_catalog.lo_put(${oid}, ${place}, '\\x%s');$$, pg_catalog.encode(p.bytes, 'hex'))
    FROM (SELECT pg_catalog.lo_get(${oid}, ${place}, ${PIECE}) AS bytes OFFSET 0) AS p
    WHERE pg_catalog.length(p.bytes) OPERATOR(pg_catalog.>) 0
  ) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')`
}

function createObject(oid: string): string {
  return `SELECT pg_catalog.lo_create(${oid}) WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata AS m WHERE m.oid = ${oid});\n`
}
