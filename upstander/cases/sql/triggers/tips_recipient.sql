CREATE TRIGGER cases_sent_back AFTER DELETE ON tips_recipient
    FOR EACH ROW WHEN (OLD.holder LIKE 'own:%') EXECUTE FUNCTION cases_sent_back();
