"""Forms of agencies, as data: one TOML file each, named by a rule set (``form = "dcf-136"``)."""

from upstander.mandated.written.agency_forms.loading import (
    AgencyForm,
    Field,
    Section,
    agency_form,
    law_files,
)

__all__ = ["AgencyForm", "Field", "Section", "agency_form", "law_files"]
