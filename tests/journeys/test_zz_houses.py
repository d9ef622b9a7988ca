from __future__ import annotations
from collections.abc import Callable
from pathlib import Path
import pytest
from playwright.sync_api import Page
pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]
WHO = ("ruth@lakeside.example","sol@maple.example","selma@willow.example","dana@maple.example","imani@river.example")
def test_zz(desk: Callable[..., Page], window) -> None:
    out = Path("/tmp/houses"); out.mkdir(exist_ok=True)
    for email in WHO:
        try:
            page = desk(email, viewport={"width": 1440, "height": 900})
        except Exception as e:
            print(email, e); continue
        name = email.split("@")[0]
        page.screenshot(path=str(out / f"{name}-1440.png"))
        page.set_viewport_size({"width": 360, "height": 740})
        page.screenshot(path=str(out / f"{name}-360.png"))
        page.locator(".rail summary").click()
        page.screenshot(path=str(out / f"{name}-360-open.png"))
        print(email, page.url, page.locator(".rail nav a").all_inner_texts())
        if name in ("ruth", "dana"):
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto("/supervisor" if name == "ruth" else "/more")
            page.screenshot(path=str(out / f"{name}-second.png"))
    page = window()
    page.goto("/")
    page.screenshot(path=str(out / "public.png"))
