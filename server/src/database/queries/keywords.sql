-- Words that PostgreSQL quotes when they are names.
SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode <> 'U'
