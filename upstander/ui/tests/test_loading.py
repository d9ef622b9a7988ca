"""Templates are lightened when they are loaded: only what nobody sees goes."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import get_template

from upstander.ui.forms import Renderer
from upstander.ui.loading import light


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        # Indents go; what parts two words on the screen stays.
        ("<p>\n  One\n  <b>two</b>\n</p>\n", "<p>One <b>two</b></p>"),
        ("<b>a</b> <i>b</i><i>c</i>", "<b>a</b> <i>b</i><i>c</i>"),
        ("{{ a }},\n  {{ b }}", "{{ a }}, {{ b }}"),
        # At a block's edge nothing is drawn.
        ("<ul>\n  <li>\n    a\n  </li>\n  <li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<{{ heading }}>\n  a\n</{{ heading }}>", "<{{ heading }}>a</{{ heading }}>"),
        (
            "<td>\n  {% if a %}\n    b\n  {% else %}\n    {{ c }}\n  {% endif %}\n</td>",
            "<td>{% if a %}b{% else %}{{ c }}{% endif %}</td>",
        ),
        # Where one way leads to a word, what parts it from another stays, once.
        (
            "<p>a\n  {% if b %}\n    c\n  {% endif %}\n</p>",
            "<p>a {% if b %}c{% endif %}</p>",
        ),
        (
            "<p>{% for a in b %}{{ a }},\n  {% empty %}\n    c\n  {% endfor %}\n</p>",
            "<p>{% for a in b %}{{ a }}, {% empty %}c {% endfor %}</p>",
        ),
        (
            "<p>{% if a %}\n <i>b</i>\n{% elif c %}\n{% endif %}\n {{ d }}</p>",
            "<p>{% if a %}<i>b</i> {% elif c %}{% endif %}{{ d }}</p>",
        ),
        (
            "<p>\n  {% cell c %}\n  {{ d }}\n{% endcell %}</p>",
            "<p>{% cell c %}{{ d }}{% endcell %}</p>",
        ),
        ("a\n<button>\n  {% icon b %}\n</button>\nc", "a <button>{% icon b %}</button> c"),
        # The head of a file says nothing.
        ("{% load ui %}\n{# why #}\n<span>a</span>", "{% load ui %}{# why #}<span>a</span>"),
        # A space that parts attributes is written only with what it parts.
        (
            '<input\n  name="a"\n  {% if b %}checked{% endif %}\n>',
            '<input name="a"{% if b %} checked{% endif %}>',
        ),
        (
            '<a {% if b %}\n  id="b" {% if c %}lang="c"{% endif %}\n{% else %}id="d"{% endif %}>',
            '<a{% if b %} id="b"{% if c %} lang="c"{% endif %}{% else %} id="d"{% endif %}>',
        ),
        (
            '<a {% if b %}{% elif c %}id="c"{% endif %}>',
            '<a{% if b %}{% elif c %} id="c"{% endif %}>',
        ),
        ('<path\n  d="M1 2"\n/>', '<path d="M1 2" />'),
        # A value is the author's, with tags and ">" in it.
        (
            '<a href="{% if a > b %}x  y{% endif %}"  class="a{% if b %} c{% endif %}">',
            '<a href="{% if a > b %}x  y{% endif %}" class="a{% if b %} c{% endif %}">',
        ),
    ],
)
def test_what_goes_and_what_stays(source: str, wanted: str) -> None:
    assert light(source) == wanted
    assert light(wanted) == wanted


@pytest.mark.parametrize(
    "kept",
    [
        "<textarea>\n{{ field.value }}\n  </textarea>",
        "<pre>a\n   b</pre>",
        "<script>\n  // a line\n  let b;\n</script>",
        "<style>\n  a { b: c }\n</style>",
        "{% blocktranslate %}\n  One  <b>two</b>\n{% endblocktranslate %}",
        "{% verbatim %}\n  {{  a }}\n{% endverbatim %}",
    ],
)
def test_what_is_kept_to_the_letter(kept: str) -> None:
    apart = "" if kept.startswith(("<script", "<style")) else " "
    assert light(f"a\n  {kept}\n  b") == f"a{apart}{kept}{apart}b"


def test_a_textareas_own_tag_is_lightened() -> None:
    source = '<textarea\n  name="a"\n  {% if b %}required{% endif %}\n>\n  c</textarea>'
    assert light(source) == '<textarea name="a"{% if b %} required{% endif %}>\n  c</textarea>'


def template_of(name: str) -> Any:
    """Give what the engine made of a template."""
    return get_template(name).template  # type: ignore[attr-defined]


def test_pages_are_loaded_light_and_once() -> None:
    page = template_of("ui/components/notice.html")
    assert "\n" not in page.source
    assert template_of("ui/components/notice.html") is page


def test_forms_are_loaded_light() -> None:
    assert "\n" not in Renderer().get_template("ui/forms/field_notes.html").template.source


def test_mails_are_loaded_as_they_are() -> None:
    mail = template_of("account/email/password_reset_key_message.txt")
    assert mail.source == Path(mail.origin.name).read_text(encoding="utf-8")
