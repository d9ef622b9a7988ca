-- An allegation that nobody in the district's office may read: its outside monitors are told that
-- there is one, and nothing of it. Not where the center still settles who must not see it.
CREATE OR REPLACE FUNCTION mandated_unread(p_duty uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT carriers_notify(p_people => mandated_monitors(p_district => d.district_id),
        p_kind => 'register_unread', p_detail => '{}')
    FROM mandated_duty d WHERE d.id = p_duty AND NOT api.matter_unsettled(d.matter_id)
$$;
