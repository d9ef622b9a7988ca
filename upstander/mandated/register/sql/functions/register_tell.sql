-- A second allegation about somebody: those who must know are told that there is one, never of
-- whom. No index finds a blind index: it stands otherwise in each entry.
CREATE OR REPLACE FUNCTION register_tell(p_entry uuid, p_district bigint, p_indexes bytea[],
    p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM register_blindindex m JOIN unnest(p_indexes) AS n (blind_index)
                 ON m.blind_index = matters_bound(p_mac => n.blind_index, p_to => m.entry_id)
               WHERE m.district_id = p_district AND m.entry_id <> p_entry) THEN
        PERFORM carriers_notify(p_people => p_tell, p_kind => 'second_allegation',
            p_detail => '{}');
    END IF;
END $$;
