-- What is granted comes with a person's code and keeps none of it: the name is bound to the row
-- that the trigger's argument names.
CREATE OR REPLACE FUNCTION vault_binds() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.holder := vault_name(p_holder => NEW.holder,
        p_to => (to_jsonb(NEW) ->> TG_ARGV[0])::uuid);
    RETURN NEW;
END $$;
