"""Addresses of written reports, their proofs, and agencies' forms."""

from django.urls import path

from upstander.mandated.written import form_views, views

app_name = "written"

urlpatterns = [
    path("duties/<uuid:duty_id>/written", views.report, name="report"),
    path("duties/<uuid:duty_id>/written/draft.pdf", views.draft_pdf, name="draft_pdf"),
    path("duties/<uuid:duty_id>/written/sent", views.sent, name="sent"),
    path("duties/<uuid:duty_id>/written/<uuid:report_id>.pdf", views.signed_pdf, name="signed_pdf"),
    path(
        "duties/<uuid:duty_id>/written/<uuid:report_id>/agency.pdf",
        views.filled_pdf,
        name="filled_pdf",
    ),
    path("duties/<uuid:duty_id>/written/files/<uuid:evidence_id>", views.evidence, name="evidence"),
    path("duties/<uuid:duty_id>/written/proof", views.add, name="add"),
    path("duties/<uuid:duty_id>/proof.pdf", views.proof, name="proof"),
    path("forms", form_views.listing, name="forms"),
    path("forms/<slug:form_key>", form_views.mapping, name="mapping"),
]
