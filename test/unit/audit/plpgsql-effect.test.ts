import assert from 'node:assert/strict'
import { plpgsqlEffect, type ColumnEffect } from '../../../server/src/audit/plpgsql-effect'

/** On UPDATE and on INSERT. */
function check(code: string, update: ColumnEffect, insert: ColumnEffect = update): void {
  const source = `DECLARE x int; BEGIN ${code} RETURN NEW; END`
  assert.deepEqual(
    [plpgsqlEffect(source, 'at', 'UPDATE'), plpgsqlEffect(source, 'at', 'INSERT')],
    [update, insert],
    code,
  )
}

describe('what a PL/pgSQL trigger function does to a column', () => {
  it('sets it on every path, on none, or on some', () => {
    check('NEW.at := now();', 'sets')
    check('new . "at" = now();', 'sets')
    check('NEW.other := now();', 'other')
    check('IF NEW.name <> OLD.name THEN NEW.at := now(); END IF;', 'unknown')
    check('IF NEW.a THEN NEW.at := now(); ELSIF NEW.b THEN NEW.at := now(); ELSE NEW.at := now(); END IF;', 'sets')
  })

  it('follows the operation, and the column being empty', () => {
    check(`IF TG_OP = 'UPDATE' THEN NEW.at := now(); END IF;`, 'sets', 'other')
    check(`IF TG_OP <> 'UPDATE' THEN NEW.at := now(); END IF;`, 'other', 'sets')
    check(`IF TG_OP IN ('INSERT', 'UPDATE') THEN NEW.at := now(); END IF;`, 'sets')
    check('IF NEW.at IS NULL THEN NEW.at := now(); END IF;', 'other', 'sets')
    check('NEW.at := coalesce(NEW.at, now());', 'unknown', 'sets')
  })

  it('takes a write that is given up, or never, for no path at all', () => {
    check(`IF NEW.name = '' THEN RAISE EXCEPTION 'no name'; END IF; NEW.at := now();`, 'sets')
    check(`IF NEW.name = '' THEN RETURN NULL; END IF; NEW.at := now();`, 'sets')
    check(`IF NEW.name = '' THEN RETURN OLD; END IF; NEW.at := now();`, 'unknown')
    check(
      `IF current_setting('prisma_audit.keep_updated_at', true) = 'on' THEN RETURN NEW; END IF; NEW.at := now();`,
      'sets',
    )
    check(`IF current_setting('other.setting', true) = 'on' THEN RETURN NEW; END IF; NEW.at := now();`, 'unknown')
  })

  it('is not misled by comments, strings and names', () => {
    check(`-- NEW.at := now();\n/* NEW.at := now(); */ PERFORM 'NEW.at := now();';`, 'other')
    check('NEW."At" := now();', 'other')
    assert.equal(plpgsqlEffect('BEGIN NEW."A ""t""" := now(); RETURN NEW; END', 'A "t"', 'UPDATE'), 'sets')
  })

  it('says that it does not know rather than guess', () => {
    check('NEW := OLD;', 'unknown')
    check(`SELECT now() INTO NEW.at;`, 'unknown')
    check('FOR x IN 1..3 LOOP NEW.at := now(); END LOOP;', 'unknown')
    check('FOR x IN 1..3 LOOP NEW.other := now(); END LOOP;', 'other')
    check('CASE WHEN NEW.a THEN NEW.at := now(); END CASE;', 'unknown')
    check('BEGIN NEW.at := now(); EXCEPTION WHEN OTHERS THEN NULL; END;', 'unknown')
    assert.equal(plpgsqlEffect('', 'at', 'UPDATE'), 'unknown')
    assert.equal(plpgsqlEffect('BEGIN NEW.at := now(); RETURN NEW', 'at', 'UPDATE'), 'unknown')
  })

  it('of the trigger that holds other columns while ours is filled: nothing to anybody else', () => {
    check(
      `IF current_setting('prisma_audit.keep_updated_at', true) = 'on' THEN filled := NEW; NEW := OLD; NEW.x := filled.x; END IF;`,
      'other',
    )
  })
})
