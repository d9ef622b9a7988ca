"""What a found service shows, and what a change of language keeps."""

from __future__ import annotations

from bs4 import BeautifulSoup

from upstander.directory.models import Location, ServiceAtLocation
from upstander.doors.tests.site import Site, text_of
from upstander.front.tests.test_finding import HERE, loaded, names, neighborhood

__all__ = ["loaded", "neighborhood"]


def test_another_language_keeps_the_district_and_what_was_written(site: Site) -> None:
    opened = BeautifulSoup(site.get("/find?d=maple-valley").content, "html.parser")
    switch = opened.select_one("nav.languages [lang=es]")
    assert switch is not None
    form = opened.select_one(f"form#{switch['form']}")
    assert form is not None
    sent = {str(one["name"]): one["value"] for one in form.select("input[type=hidden]")}
    sent |= {"words": "comida caliente", "age": "7", "language": "es"}
    page = BeautifulSoup(site.post(str(switch["formaction"]), sent).content, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "es"
    kept = {one["name"]: one.get("value") for one in page.select("form.find input[value]")}
    assert (kept["d"], kept["words"], kept["age"]) == ("maple-valley", "comida caliente", "7")
    assert not page.select("ol.found, main .notice"), "nobody pressed to look for it"
    # Of a page of results it is the results that are shown in it.
    found = BeautifulSoup(site.post("/find", {**HERE, "need": "food"}).content, "html.parser")
    again = {str(one["name"]): one["value"] for one in found.select("#again input[type=hidden]")}
    assert names(text_of(site.post("/es/find", {**again, "language": "es"})))


def test_what_helps_at_the_door_is_said_and_of_what_is_secret_nothing(site: Site) -> None:
    at = ServiceAtLocation.objects.filter(service__record__name="Greenway Community Pantry")[0]
    said = [{"id": str(at.pk), "description": "A ramp <b>behind</b>"}, {"id": str(at.pk)}]
    Location.objects.filter(pk=at.location_id).update(
        record=at.location.record | {"accessibility": said}
    )
    page = site.post("/find", {**HERE, "need": "food", "place": "maple valley"}).content.decode()
    assert page.count("Getting in:") == 1
    assert "A ramp &lt;b&gt;behind" in page
    secret = text_of(site.post("/find", {**HERE, "need": "domestic_violence"}))
    assert "Getting in:" not in secret
