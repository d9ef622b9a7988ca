-- The demo's outbox: what is sent is written by whoever sends, and shown to everybody who signs in.
GRANT INSERT, SELECT ON carriers_outboxmail TO upstander_worker, upstander_staff;
GRANT SELECT ON carriers_outboxmail TO upstander_center, upstander_school, upstander_district,
    upstander_admin;
