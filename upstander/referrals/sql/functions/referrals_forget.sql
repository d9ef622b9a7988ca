CREATE OR REPLACE FUNCTION referrals_forget(p_contacts uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM referrals_referral WHERE contact_id = ANY (p_contacts);
    DELETE FROM referrals_contact WHERE id = ANY (p_contacts)
$$;
