-- Everything that decides who may do what, as (kind, name, text). Read with an empty search path,
-- so that PostgreSQL writes every name whole. Where no right was ever given or taken, those stand
-- that an owner begins with: a backup that is brought back leaves these out.
WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('public', 'api')),
relations AS (
    SELECT c.* FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
    WHERE c.relkind NOT IN ('i', 'I', 't', 'c')
)
SELECT 'function', n.nspname || '.' || p.proname
        || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    concat_ws(' ', CASE p.prokind WHEN 'f' THEN pg_get_functiondef(p.oid) ELSE p.prokind::text END,
        pg_get_userbyid(p.proowner),
        ARRAY(SELECT a::text FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a
              ORDER BY 1))
FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
UNION ALL
SELECT 'trigger', c.relname || '.' || t.tgname,
    concat_ws(' ', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled::text)
FROM pg_trigger t JOIN relations c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
-- The triggers by which PostgreSQL itself keeps foreign keys: one that is off keeps none.
SELECT 'foreign keys', c.relname,
    concat_ws(' ', 'enabled', string_agg(DISTINCT t.tgenabled::text, ''))
FROM pg_trigger t JOIN relations c ON c.oid = t.tgrelid WHERE t.tgisinternal GROUP BY c.relname
UNION ALL
SELECT 'policy', c.relname || '.' || p.polname,
    concat_ws(' ', p.polpermissive, p.polcmd::text,
        ARRAY(SELECT pg_get_userbyid(r) FROM unnest(p.polroles) r ORDER BY 1),
        'using', pg_get_expr(p.polqual, p.polrelid),
        'check', pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN relations c ON c.oid = p.polrelid
UNION ALL
SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'table' WHEN c.relkind = 'S' THEN 'sequence'
            ELSE 'view' END, c.relname,
    concat_ws(' ', c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
        pg_get_userbyid(c.relowner),
        ARRAY(SELECT a::text
              FROM unnest(coalesce(c.relacl, acldefault(
                  CASE WHEN c.relkind = 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))) a
              ORDER BY 1),
        ARRAY(SELECT concat_ws(' ', a.attname, one::text)
              FROM pg_attribute a CROSS JOIN unnest(a.attacl) one
              WHERE a.attrelid = c.oid AND NOT a.attisdropped ORDER BY 1),
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
FROM relations c
UNION ALL
-- Columns, constraints and indexes. A condition is compared by its words alone: a backup that is
-- brought back has other casts and brackets around the same ones.
SELECT 'shape', c.relname,
    concat_ws(' ', c.relpersistence::text,
        ARRAY(SELECT concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                  a.attidentity::text, a.attgenerated::text,
                  regexp_replace(pg_get_expr(d.adbin, d.adrelid),
                      '::(character varying|text)(\[\])?|[()\s]', '', 'g'))
              FROM pg_attribute a
              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1),
        ARRAY(SELECT concat_ws(' ', k.conname, k.contype::text, k.convalidated, k.conenforced,
                  regexp_replace(pg_get_constraintdef(k.oid),
                      '::(character varying|text)(\[\])?|[()\s]', '', 'g'))
              FROM pg_constraint k WHERE k.conrelid = c.oid ORDER BY 1),
        ARRAY(SELECT concat_ws(' ', x.indexrelid::regclass, x.indisunique, x.indisvalid)
              FROM pg_index x
              WHERE x.indrelid = c.oid ORDER BY 1))
FROM relations c WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'rule', c.relname || '.' || r.rulename, pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN relations c ON c.oid = r.ev_class
UNION ALL
SELECT 'schema', n.nspname,
    concat_ws(' ', ARRAY(SELECT a::text FROM unnest(coalesce(n.nspacl, acldefault('n',
        n.nspowner))) a
                         ORDER BY 1), '')
FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'default rights', concat_ws(' ', pg_get_userbyid(d.defaclrole), d.defaclobjtype::text,
        d.defaclnamespace::regnamespace::text),
    concat_ws(' ', ARRAY(SELECT a::text FROM unnest(d.defaclacl) a ORDER BY 1), '')
FROM pg_default_acl d
UNION ALL
SELECT 'event trigger', e.evtname, concat_ws(' ', e.evtevent, e.evtenabled::text, e.evtfoid)
FROM pg_event_trigger e
UNION ALL
-- Whoever is given one of our roles, and is none of ours: none, but who may make roles anyway.
SELECT 'member', concat_ws(' ', m.roleid::regrole, m.member::regrole),
    concat_ws(' ', m.inherit_option, m.set_option)
FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
WHERE m.roleid::regrole::text ~ '^upstander_' AND r.rolname !~ '^upstander_'
  AND NOT (r.rolsuper OR r.rolcreaterole)
UNION ALL
-- The owner owns everything anyway: whom it may become besides says nothing. Nor does it whether a
-- role may take one of the last connections: a managed server's administrator can't always give it.
SELECT 'role', r.rolname,
    concat_ws(' ', r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolreplication, r.rolinherit,
        r.rolcanlogin,
        ARRAY(SELECT concat_ws(' ', pg_get_userbyid(m.roleid), m.inherit_option, m.set_option,
                               m.admin_option)
              FROM pg_auth_members m
              WHERE m.member = r.oid AND r.rolname <> 'upstander_owner'
                AND m.roleid <> 'pg_use_reserved_connections'::regrole ORDER BY 1))
FROM pg_roles r WHERE r.rolname ~ '^upstander_'
