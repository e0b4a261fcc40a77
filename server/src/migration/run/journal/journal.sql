-- See migrations/FORMAT.md. Safe to run again.
CREATE TABLE IF NOT EXISTS prisma_audit.run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  format integer NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'completed', 'rolling back', 'rolled back')),
  additions jsonb NOT NULL,
  role text NOT NULL DEFAULT session_user,
  started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
  finished_at timestamptz
);
CREATE TABLE IF NOT EXISTS prisma_audit.step (
  run_id bigint NOT NULL REFERENCES prisma_audit.run (id) ON DELETE CASCADE,
  position integer NOT NULL,
  id text NOT NULL,
  title text NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'running', 'done', 'already there', 'undone')),
  definition json NOT NULL,
  checksum text NOT NULL,
  batches bigint NOT NULL DEFAULT 0,
  rows_done bigint NOT NULL DEFAULT 0,
  batch_cursor text[],
  filled text[] NOT NULL DEFAULT '{}',
  started_at timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (run_id, position)
);
-- The transactions that filled rows: each has written its own row here, so that its number is that of the row.
CREATE TABLE IF NOT EXISTS prisma_audit.batch (
  xid bigint PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES prisma_audit.run (id) ON DELETE CASCADE,
  position integer NOT NULL
);
-- How the application's writes were before the run.
CREATE TABLE IF NOT EXISTS prisma_audit.write (
  run_id bigint NOT NULL REFERENCES prisma_audit.run (id) ON DELETE CASCADE,
  table_name text NOT NULL,
  write text NOT NULL,
  outcome text NOT NULL,
  PRIMARY KEY (run_id, table_name, write)
);
-- What the tables and columns of a run are in the catalog, whatever they are called later; journal is the oid of run itself.
CREATE TABLE IF NOT EXISTS prisma_audit.identity (
  run_id bigint NOT NULL REFERENCES prisma_audit.run (id) ON DELETE CASCADE,
  table_name text NOT NULL,
  column_name text NOT NULL,
  relation oid NOT NULL,
  number smallint NOT NULL,
  journal oid NOT NULL,
  PRIMARY KEY (run_id, table_name, column_name)
);
-- What the steps of a run have made, in the same way: its catalog, its oid there, and what it was called with schema and table.
CREATE TABLE IF NOT EXISTS prisma_audit.object (
  run_id bigint NOT NULL REFERENCES prisma_audit.run (id) ON DELETE CASCADE,
  position integer NOT NULL,
  catalog oid NOT NULL,
  number oid NOT NULL,
  name text NOT NULL,
  journal oid NOT NULL,
  PRIMARY KEY (run_id, position)
)
