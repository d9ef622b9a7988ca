-- Lets one of a person's requests count their codes at a time. A lock by number is nobody's to take
-- but the owner's: whoever may take any can hold up whatever waits for another.
CREATE OR REPLACE FUNCTION api.carrier_codes_in_turn() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('carriers code', api.scope_person()));
$$;

GRANT EXECUTE ON FUNCTION api.carrier_codes_in_turn
    TO upstander_admin, upstander_center, upstander_district, upstander_monitor, upstander_police,
    upstander_school;
