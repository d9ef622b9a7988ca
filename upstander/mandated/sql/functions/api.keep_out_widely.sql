-- An exclusion that would leave nobody to act on what a duty is about: it holds for the duty at
-- once, and its owner keeps it; a second person decides whether it holds for the tip. The center's
-- supervisors and the compliance lead are told by name who would keep out how many; those alone
-- whom the caller found (p_tell: the desk knows whose code is whose) not to be named, and no lead
-- while it is not settled who must not see the matter. Where that leaves nobody, the outside
-- monitors learn that there is one: else nobody would.
CREATE OR REPLACE FUNCTION api.keep_out_widely(p_id uuid, p_duty uuid, p_macs bytea[],
    p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d mandated_duty%ROWTYPE;
    told bigint[];
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty;
    IF NOT FOUND OR NOT mandated_may_exclude(p_duty) OR api.scope_mac() = ANY (p_macs)
       OR cardinality(p_macs) = 0 THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_wideexclusion (id, duty_id, district_id, matter_id, person_macs, asked_by,
        asked_at) VALUES (p_id, d.id, d.district_id, d.matter_id, ARRAY(
            SELECT matters_bound(m, d.matter_id) FROM unnest(p_macs) m), api.scope_person(),
        date_trunc('second', api.clock_now()));
    PERFORM matters_take_folder(p_folder => d.folder_id,
        p_holders => ARRAY(SELECT 'mac:' || encode(m, 'hex') FROM unnest(p_macs) m));
    told := ARRAY(SELECT DISTINCT m.person_id FROM people_membership m JOIN people_team t
        ON t.id = m.team_id
        JOIN places_district i ON i.id = d.district_id
        WHERE m.person_id <> api.scope_person() AND m.person_id = ANY (p_tell)
          AND (m.role = 'center_supervisor' AND t.kind = 'center' AND t.center_id = i.center_id
               OR m.role = 'compliance_lead' AND t.kind = 'office' AND t.district_id = i.id
               AND NOT api.matter_unsettled(d.matter_id)));
    PERFORM carriers_notify(p_people => told, p_kind => 'wide_exclusion',
        p_detail => jsonb_build_object('person', api.scope_person()::text,
            'many', cardinality(p_macs)::text));
    IF told = '{}' THEN
        PERFORM carriers_notify(p_people => mandated_monitors(p_district => d.district_id),
            p_kind => 'wide_nobody', p_detail => '{}');
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_out_widely
    TO upstander_center, upstander_district, upstander_school;
