-- Rows for the sample, the same on every run. The first users were deleted long ago, so ids start at 4.
INSERT INTO "User" ("id", "email", "name", "role", "createdAt") VALUES
  (4, 'ada@example.com', 'Ada Reyes', 'admin', '2024-01-08 09:15:00'),
  (5, 'bram@example.com', 'Bram Okafor', 'user', '2024-01-22 14:02:30'),
  (7, 'chiara@example.com', 'Chiara Lindqvist', 'user', '2024-03-05 08:47:12'),
  (8, 'dao@example.com', 'Dao Nakamura', 'user', '2024-06-17 16:30:45'),
  (11, 'emil@example.com', 'Emil Haddad', 'admin', '2024-11-29 11:11:11');

INSERT INTO "Lead" ("name", "email", "status", "createdAt")
SELECT
  'Lead ' || number,
  'lead' || number || '@example.org',
  (ARRAY['new', 'contacted', 'qualified', 'lost'])[1 + number % 4],
  timestamp '2024-02-01 08:00:00' + number * interval '7 hours'
FROM generate_series(1, 400) AS number;

SELECT setval(pg_get_serial_sequence('"User"', 'id'), (SELECT max("id") FROM "User"));
