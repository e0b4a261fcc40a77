-- The role that runs, the roles that are members of it, and superusers: all of them could do everything that it can do
-- anyway. pg_has_role is not asked, since a superuser counts as a member of every role.
WITH RECURSIVE role (oid) AS (
  SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolsuper OR r.rolname OPERATOR(pg_catalog.=) CURRENT_USER
  UNION
  SELECT m.member FROM pg_catalog.pg_auth_members AS m JOIN role AS t ON m.roleid OPERATOR(pg_catalog.=) t.oid
)
SELECT role.oid FROM role
