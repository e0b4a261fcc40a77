import assert from 'node:assert/strict'
import { splitStatements } from '../../../server/src/backup/sql/split-statements'

describe('splitStatements', () => {
  const cases: readonly (readonly [name: string, sql: string, statements: readonly string[]])[] = [
    ['nothing', '', []],
    ['comments only', '-- a;\n/* b; /* c; */ ; */\n;', []],
    ['simple statements', 'SELECT 1;\nSELECT 2', ['SELECT 1', 'SELECT 2']],
    [
      'a string with a semicolon and doubled quotes',
      "SELECT 'a;''b;\n-- c';SELECT 2;",
      ["SELECT 'a;''b;\n-- c'", 'SELECT 2'],
    ],
    ['a backslash before a closing quote', "SELECT 'a\\';SELECT 2;", ["SELECT 'a\\'", 'SELECT 2']],
    ['an E string', "SELECT E'a\\';b';SELECT 2;", ["SELECT E'a\\';b'", 'SELECT 2']],
    ['a name that ends in e before a string', "SELECT date'\\';SELECT 2;", ["SELECT date'\\'", 'SELECT 2']],
    ['a quoted name', 'SELECT "a;""b";SELECT 2;', ['SELECT "a;""b"', 'SELECT 2']],
    ['dollar quotes', 'SELECT $$a;$$;SELECT $x1$;$$;$x1$;', ['SELECT $$a;$$', 'SELECT $x1$;$$;$x1$']],
    ['a name with a dollar', 'SELECT a$b$c;SELECT $1;', ['SELECT a$b$c', 'SELECT $1']],
    [
      'a comment before a statement',
      '--\n-- Name: x; Type: y\n--\n\nSELECT 1;',
      ['--\n-- Name: x; Type: y\n--\n\nSELECT 1'],
    ],
    [
      'the body of an SQL function',
      'CREATE FUNCTION f() RETURNS int\n BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND;\nSELECT 3;',
      [
        'CREATE FUNCTION f() RETURNS int\n BEGIN ATOMIC\n SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND',
        'SELECT 3',
      ],
    ],
    [
      'a procedure named begin',
      'CREATE PROCEDURE public.begin(begin integer)\n LANGUAGE sql AS $$ $$;SELECT 1;',
      ['CREATE PROCEDURE public.begin(begin integer)\n LANGUAGE sql AS $$ $$', 'SELECT 1'],
    ],
    [
      'a column named begin in the body of an SQL function',
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.begin FROM t; END;SELECT 1;',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT t.begin FROM t; END', 'SELECT 1'],
    ],
    [
      'a rule with two commands',
      'CREATE RULE r AS ON INSERT TO t DO ALSO ( INSERT INTO a VALUES (1);\n INSERT INTO b VALUES (2);\n);SELECT 1;',
      [
        'CREATE RULE r AS ON INSERT TO t DO ALSO ( INSERT INTO a VALUES (1);\n INSERT INTO b VALUES (2);\n)',
        'SELECT 1',
      ],
    ],
    ['a table named begin', 'CREATE TABLE begin (id int);SELECT 1;', ['CREATE TABLE begin (id int)', 'SELECT 1']],
    ['an open string', "SELECT 'a;", ["SELECT 'a;"]],
    ['an open E string', "SELECT E'a;", ["SELECT E'a;"]],
    ['comments in comments', 'SELECT 1 /* a; /* b; */ c; */;SELECT 2', ['SELECT 1 /* a; /* b; */ c; */', 'SELECT 2']],
    ['an open comment', 'SELECT 1 /* a; /* b; */ ;', ['SELECT 1 /* a; /* b; */ ;']],
    ['a word behind a comment', 'SELECT 1; /* a */ x', ['SELECT 1', '/* a */ x']],
    ['doubled quotes in an E string', "SELECT E'a''\\';b';SELECT 2", ["SELECT E'a''\\';b'", 'SELECT 2']],
    ['an E string at the beginning', "E'\\';a';SELECT 2", ["E'\\';a'", 'SELECT 2']],
    ['a string behind one that ends in e', "SELECT 'e','\\';SELECT 2", ["SELECT 'e','\\'", 'SELECT 2']],
    ['a type whose name ends in e before a string', "SELECT e '\\';SELECT 2", ["SELECT e '\\'", 'SELECT 2']],
    ['a name that ends in a dollar', 'SELECT a$;SELECT 2', ['SELECT a$', 'SELECT 2']],
    [
      'an SQL function as the second statement, with a long head',
      `SELECT 1;CREATE FUNCTION a_long_name_of_a_function() RETURNS int BEGIN ATOMIC SELECT 1; END;SELECT 2`,
      ['SELECT 1', 'CREATE FUNCTION a_long_name_of_a_function() RETURNS int BEGIN ATOMIC SELECT 1; END', 'SELECT 2'],
    ],
    [
      'a parameter whose type is called atomic',
      'CREATE PROCEDURE begin(x atomic) LANGUAGE sql AS $$ $$;SELECT 1;',
      ['CREATE PROCEDURE begin(x atomic) LANGUAGE sql AS $$ $$', 'SELECT 1'],
    ],
    ['a short tag and a long one', 'SELECT $a$;$a$, $abc$;$a$;$abc$', ['SELECT $a$;$a$, $abc$;$a$;$abc$']],
    [
      'a table named begin with the alias atomic',
      'CREATE VIEW v AS SELECT atomic.id FROM public.begin atomic;SELECT 1;',
      ['CREATE VIEW v AS SELECT atomic.id FROM public.begin atomic', 'SELECT 1'],
    ],
    [
      'the body of a replaced procedure, behind a long head',
      `CREATE OR REPLACE PROCEDURE p()\n BEGIN  ATOMIC\n SELECT 'end'; SELECT 1;\nEND;SELECT 1;`,
      [`CREATE OR REPLACE PROCEDURE p()\n BEGIN  ATOMIC\n SELECT 'end'; SELECT 1;\nEND`, 'SELECT 1'],
    ],
    [
      'atomic further on, in a function whose body is text',
      'CREATE FUNCTION f(begin int, x int DEFAULT 1) LANGUAGE sql AS $$ $$; COMMENT ON TABLE atomic IS NULL;',
      ['CREATE FUNCTION f(begin int, x int DEFAULT 1) LANGUAGE sql AS $$ $$', 'COMMENT ON TABLE atomic IS NULL'],
    ],
  ]
  for (const [name, sql, statements] of cases) {
    it(name, () => {
      assert.deepEqual([...splitStatements(sql)], statements)
    })
  }
})
