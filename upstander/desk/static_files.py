"""Static files of the desk, as whole answers: Django would stream them under ASGI."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise, without its file iterators."""

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        """Answer with the file's bytes; each is some kilobytes, hashed by name and compressed."""
        found = static_file.get_response(request.method, request.META)
        body = found.file.read() if found.file is not None else b""
        if found.file is not None:
            found.file.close()
        answer = HttpResponse(body, status=int(found.status))
        # Text that is not HTML: WhiteNoise names the type, or none.
        del answer["Content-Type"]
        for name, value in found.headers:
            answer[name] = value
        return answer
