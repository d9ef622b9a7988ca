-- An exclusion comes with the person's code and keeps none of it. In this transaction the code is
-- known on to whatever takes back what they were granted. One that another matter takes over stays
-- bound to the matter that it was set on.
CREATE OR REPLACE FUNCTION matters_exclusion_binds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('upstander.near', concat_ws(',',
        nullif(current_setting('upstander.near', true), ''), encode(NEW.person_mac, 'hex')), true);
    NEW.bound_to := NEW.matter_id;
    NEW.person_mac := matters_bound(NEW.person_mac, NEW.matter_id);
    RETURN NEW;
END $$;
