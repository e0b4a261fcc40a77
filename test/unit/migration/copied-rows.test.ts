import assert from 'node:assert/strict'
import { copiesRowsInto } from '../../../server/src/migration/plan/copied-rows'

describe('a trigger that copies whole rows, by its text', () => {
  it('is found in every spelling of the row, and with the table that it writes', () => {
    const check = (source: string, expected: string | null) => {
      assert.equal(copiesRowsInto(source), expected, source)
    }
    check('BEGIN INSERT INTO lead_log SELECT NEW.*; RETURN NULL; END', 'lead_log')
    check('INSERT INTO audit."Lead Log" SELECT TG_OP, now(), (NEW).*;', 'audit."Lead Log"')
    check('INSERT INTO audit . "Lead  . Log"  SELECT NEW.*;', 'audit."Lead  . Log"')
    check(`EXECUTE 'INSERT INTO  audit  .  "Lead  Log" SELECT $1.*' USING NEW;`, 'audit."Lead  Log"')
    check('insert into log values (old.*, current_user);', 'log')
    check('INSERT INTO log (id, name)\n SELECT -- all\n NEW . *;', 'log')
    check(`EXECUTE format('INSERT INTO %I SELECT ($1).*', TG_TABLE_NAME || '_log') USING NEW;`, 'another table')
    check(`EXECUTE 'INSERT INTO log SELECT $1.*' USING OLD;`, 'log')
    check('INSERT INTO log VALUES (NEW.id, NEW.name);', null)
    check('INSERT INTO log SELECT hstore(NEW.*);', null)
    check('INSERT INTO log SELECT row_to_json(NEW);', null)
    check('INSERT INTO log (id) SELECT NEW.id WHERE OLD.* IS DISTINCT FROM NEW.*;', null)
    check('IF OLD.* IS DISTINCT FROM NEW.* THEN INSERT INTO log VALUES (NEW.id); END IF;', null)
    check('-- INSERT INTO log SELECT NEW.*;\nRETURN NEW;', null)
  })
})
