UPDATE tips_recipient y SET since_turn = coalesce((SELECT max(m.turn) FROM tips_message m
    WHERE m.tip_id = y.tip_id AND m.at <= y.since), 0);
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['school', 'district'] LOOP
        EXECUTE format('DROP POLICY %I ON tips_message', r);
        EXECUTE format('CREATE POLICY %I ON tips_message TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id
                WHERE x.id = tips_message.tip_id
                  AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                  AND (y.with_words OR tips_message.turn > y.since_turn
                       OR tips_message.author = ''school'')))', r, r);
        -- Files have no turn. One of the very second of the hand-off is shown: hiding what came
        -- after it would be worse than showing what came before.
        EXECUTE format('DROP POLICY %I ON tips_attachment', r);
        EXECUTE format('CREATE POLICY %I ON tips_attachment TO upstander_%s
            USING (EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id
                WHERE x.id = tips_attachment.tip_id
                  AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                  AND (y.with_words OR tips_attachment.at >= y.since)))', r, r);
    END LOOP;
END $$;
