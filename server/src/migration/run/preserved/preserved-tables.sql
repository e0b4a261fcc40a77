-- See migrations/FORMAT.md. Safe to run again.
CREATE TABLE IF NOT EXISTS prisma_audit_kept.kept_column (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('copying', 'dropped', 'kept')),
  schema_name text NOT NULL,
  table_name text NOT NULL,
  column_name text NOT NULL,
  column_type text NOT NULL,
  key_columns text[] NOT NULL,
  refers_to text[],
  filled text[] NOT NULL,
  filled_by text,
  copy_cursor text[],
  is_copied boolean NOT NULL DEFAULT false,
  kept_at timestamptz,
  put_back bigint NOT NULL DEFAULT 0,
  row_gone bigint NOT NULL DEFAULT 0,
  user_gone bigint NOT NULL DEFAULT 0,
  overtaken bigint NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS prisma_audit_kept.kept_value (
  column_id bigint NOT NULL,
  number bigint GENERATED ALWAYS AS IDENTITY,
  was_captured boolean NOT NULL,
  key text[] NOT NULL,
  value text,
  PRIMARY KEY (column_id, number)
);
-- Rows whose value was NULL, though a run had filled the column: numbered as in kept_value, and looked up by their key.
CREATE TABLE IF NOT EXISTS prisma_audit_kept.kept_null (
  column_id bigint NOT NULL,
  number bigint NOT NULL,
  key text[] NOT NULL,
  PRIMARY KEY (column_id, number)
)
