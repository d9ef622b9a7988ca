CREATE TRIGGER written_pdf_guard BEFORE UPDATE ON written_agencypdf
    FOR EACH ROW EXECUTE FUNCTION written_pdf_guard();
