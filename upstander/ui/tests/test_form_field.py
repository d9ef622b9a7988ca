"""Any Django form: label, hint and errors belong to their field."""

from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.template import Context, Template

from upstander.ui.tests.gallery import Everything


def shown() -> BeautifulSoup:
    """Give the gallery's biggest form after it was refused."""
    html = Template("{{ form }}").render(Context({"form": Everything({"who": "me"})}))
    return BeautifulSoup(html, "html.parser")


def one(page: BeautifulSoup, selector: str) -> Tag:
    """Give the only element that `selector` finds."""
    (found,) = page.select(selector)
    return found


def test_the_site_uses_this_renderer() -> None:
    assert settings.FORM_RENDERER == "upstander.ui.forms.Renderer"


def test_every_control_has_a_name() -> None:
    page = shown()
    for control in page.select("input, select, textarea"):
        named = page.select(f"label[for='{control['id']}']") or control.find_parents("label")
        assert named, control


def test_hint_and_error_are_tied_to_the_field() -> None:
    page = shown()
    text = one(page, "textarea[name=text]")
    tied = str(text["aria-describedby"]).split()
    assert [one(page, f"#{id_}").get_text(strip=True) for id_ in tied] == [
        "Use your own words. A few lines are enough.",
        "This field is required.",
    ]
    assert text["aria-invalid"] == "true"


def test_the_summary_leads_to_each_wrong_field() -> None:
    page = shown()
    links = [str(a["href"]) for a in page.select("[data-summary] a")]
    assert links == ["#id_text", "#id_name", "#id_agreed"]
    assert all(page.select(link) for link in links)
    assert "Somebody else changed this in the meantime." in one(page, "[data-summary]").get_text()


def test_radios_are_a_named_group_and_tiles_keep_their_hints() -> None:
    page = shown()
    group = one(page, "#id_tile-field")
    assert group.name == "fieldset"
    assert "What is it about?" in one(page, "#id_tile-field legend").get_text()
    assert one(page, ".tile small").get_text() == "Call 911 first"
    assert one(page, "input[name=who][checked]")["value"] == "me"
