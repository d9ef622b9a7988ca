"""A district's own tiles: one small row of fields for each tile of the taxonomy."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from upstander.base.languages import WRITTEN, language_of
from upstander.intake.taxonomy import TILES, Tile, problems_with
from upstander.intake.taxonomy import TileChange as Wish
from upstander.places.models import TileChange
from upstander.ui.fields import Words

TEXT_LIMIT = 80


class TilesForm(forms.Form):
    """Names, places and hiding of all tiles. Empty fields leave the tile as it is."""

    def __init__(self, data: Any, changes: Iterable[TileChange]) -> None:
        super().__init__(data)
        kept = {change.tile: change for change in changes}
        for tile in TILES:
            change = kept.get(tile.key)
            for language in WRITTEN:
                self.fields[f"{tile.key}-{language}"] = Words(
                    label=_("In %(language)s") % {"language": language_of(language).english},
                    required=False,
                    max_length=TEXT_LIMIT,
                    initial=(change.texts if change else {}).get(language, ""),
                    widget=forms.TextInput(
                        attrs={
                            "placeholder": tile.text(language),
                            "dir": "auto",
                            "lang": language,
                        }
                    ),
                )
            self.fields[f"{tile.key}-position"] = forms.IntegerField(
                label=_("Position"),
                required=False,
                min_value=1,
                max_value=len(TILES),
                initial=change.position if change else None,
            )
            self.fields[f"{tile.key}-hidden"] = forms.BooleanField(
                label=_("Hide this tile"), required=False, initial=bool(change and change.hidden)
            )

    def rows(self) -> list[tuple[Tile, list[BoundField]]]:
        """Return each tile with its fields, in the taxonomy's order."""
        return [
            (tile, [self[name] for name in self.fields if name.startswith(f"{tile.key}-")])
            for tile in TILES
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse what the taxonomy refuses; say it at the tile."""
        data: dict[str, Any] = super().clean() or {}
        for wish in self._wishes(data):
            for problem in problems_with(wish):
                self.add_error(f"{wish.tile}-hidden" if wish.hidden else None, problem)
        return data

    def wishes(self) -> list[Wish]:
        """Return the changes that were asked for; a tile without any is left out."""
        return self._wishes(self.cleaned_data)

    @staticmethod
    def _wishes(data: dict[str, Any]) -> list[Wish]:
        wishes = []
        for tile in TILES:
            texts = {
                language: str(data[f"{tile.key}-{language}"]).strip()
                for language in WRITTEN
                if str(data.get(f"{tile.key}-{language}") or "").strip()
            }
            position, hidden = data.get(f"{tile.key}-position"), data.get(f"{tile.key}-hidden")
            if texts or position or hidden:
                wishes.append(Wish(tile.key, texts, position, bool(hidden)))
        return wishes
