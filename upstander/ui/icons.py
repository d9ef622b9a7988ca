"""The icons, drawn for this project on a grid of 24 by 24, lines of 2.

An icon always stands beside a word or carries a hidden one: none of them means something alone.
"""

from types import MappingProxyType

LINES = MappingProxyType(
    {
        # Which way.
        "back": '<path d="M20 12H5m6-6-6 6 6 6"/>',
        "forward": '<path d="M4 12h15m-6-6 6 6-6 6"/>',
        "down": '<path d="m5 9 7 7 7-7"/>',
        "close": '<path d="m6 6 12 12M18 6 6 18"/>',
        "plus": '<path d="M12 5v14M5 12h14"/>',
        "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
        "outside": '<path d="M14 4h6v6m0-6-9 9M9 5H5v14h14v-4"/>',
        # How it stands.
        "check": '<path d="m4 13 5 5L20 7"/>',
        "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6m0-9.5v.01"/>',
        "success": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 3 3 5.5-6.5"/>',
        "warning": '<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v5m0 2.7v.01"/>',
        "error": (
            '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="m9 9 6 6m0-6-6 6"/>'
        ),
        "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2"/>',
        "bell": '<path d="M5 17h14l-2-3V10a5 5 0 0 0-10 0v4zM10 20h4M12 3v2"/>',
        "lock": '<path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3"/>',
        "eye": (
            '<path d="M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7z"/>'
            '<circle cx="12" cy="12" r="3"/>'
        ),
        "eye-off": (
            '<path d="M4 4 20 20M9 6c1-.6 2-.9 3-.9 4 0 7 2 10 7-1 1.6-2 2.9-3.2 3.9'
            'M14.5 18.5c-.8.3-1.6.5-2.5.5-4 0-7-2-10-7 1.1-1.8 2.2-3.2 3.4-4.3"/>'
        ),
        # Who and where.
        "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21c1-4.5 4-6.5 8-6.5s7 2 8 6.5"/>',
        "people": (
            '<circle cx="9" cy="8" r="3.5"/><path d="M2 20c.8-4 3.3-6 7-6s6.2 2 7 6"/>'
            '<path d="M15.5 4.9a3.5 3.5 0 0 1 0 6.2M18.5 14.7c1.9 1 3 2.8 3.5 5.3"/>'
        ),
        "school": '<path d="M3 21V10l9-6 9 6v11zM10 21v-6h4v6M12 4V1.5M7 13v2M17 13v2"/>',
        "place": (
            '<path d="M12 22c5-5.5 7-9 7-12a7 7 0 0 0-14 0c0 3 2 6.5 7 12z"/>'
            '<circle cx="12" cy="10" r="2.5"/>'
        ),
        "home": '<path d="m3 11 9-8 9 8M6 9v11h12V9"/>',
        # Doing.
        "phone": (
            '<path d="M6 3h3l2 5-2.5 2c1 2.5 3 4.5 5.5 5.5l2-2.5 5 2v3c0 1.5-1 3-3 3'
            'C10 21 3 14 3 6c0-2 1.5-3 3-3z"/>'
        ),
        "message": '<path d="M4 5h16v11h-9l-5 4v-4H4z"/>',
        "reply": '<path d="M10 6 4 12l6 6M4 12h9c4 0 6.5 2 7 6"/>',
        "note": '<path d="M5 3h14v12l-6 6H5zM13 21v-6h6M8.5 8h7M8.5 12h4"/>',
        "send": '<path d="M4 4.5 21 12 4 19.5 6.5 12zM6.5 12H13"/>',
        "file": '<path d="M6 2.5h8l5 5V21.5H6zM14 2.5v5h5"/>',
        "attach": '<path d="m20 11-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L10 16.4a1.6 1.6 0 0 1-2.3-2.3l7.3-7.3"/>',  # noqa: E501
        "camera": '<path d="M3 7h4l2-3h6l2 3h4v13H3z"/><circle cx="12" cy="13" r="4"/>',
        "speaker": '<path d="M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>',
        "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
        "print": '<path d="M7 8V3h10v5M7 17H3V8h18v9h-4M7 14h10v7H7z"/>',
        "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
        "filter": '<path d="M3 5h18l-7 8v7l-4-2v-5z"/>',
        "edit": '<path d="M4 20h4L20 8l-4-4L4 16zM13.5 6.5l4 4"/>',
        "hand": '<path d="M9 21 4 14.5c-.8-1.2.8-2.7 2-1.7L8 15V5.5a1.5 1.5 0 0 1 3 0V11 4a1.5 1.5 0 0 1 3 0v7-5.5a1.5 1.5 0 0 1 3 0V12 8.5a1.5 1.5 0 0 1 3 0V15c0 4-2 6-5 6z"/>',  # noqa: E501
        "hand-off": '<path d="M3 8h14m-5-5 5 5-5 5M21 13v7H7"/>',
        "link": '<path d="M10 14a4 4 0 0 0 6 0l4-4a4 4 0 0 0-6-6l-1.5 1.5M14 10a4 4 0 0 0-6 0l-4 4a4 4 0 0 0 6 6l1.5-1.5"/>',  # noqa: E501
        "refresh": '<path d="M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 5.6 7M4.5 14a8 8 0 0 0 13.9 3"/>',  # noqa: E501
        "sign-out": '<path d="M14 4H5v16h9M10 12h11m-4-4 4 4-4 4"/>',
        "keyboard": '<path d="M2 6h20v12H2zM6 10v.01M10 10v.01M14 10v.01M18 10v.01M7 14h10"/>',
        "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
        "queue": '<path d="M9 6h12M9 12h12M9 18h12M4 6v.01M4 12v.01M4 18v.01"/>',
        "inbox": '<path d="M3 13 6 5h12l3 8v6H3zM3 13h6l1 3h4l1-3h6"/>',
        "chart": '<path d="M4 4v16h16M9 16v-5M13 16V8M17 16v-3"/>',
        "history": '<path d="M4 4v5h5M4.5 9A8.5 8.5 0 1 1 3.5 13M12 8v4.5l3 2"/>',
        "settings": '<path d="M4 7h9m5 0h2M4 17h3m5 0h8"/><circle cx="15.5" cy="7" r="2.5"/><circle cx="9.5" cy="17" r="2.5"/>',  # noqa: E501
        "scale": '<path d="M12 3v18M7 21h10M5 7l7-2 7 2M5 7l-3 7h6zM19 7l-3 7h6z"/>',
        # What somebody needs.
        "heart": '<path d="M12 20C5 15 3 11.5 3 8.5a4.5 4.5 0 0 1 9-1 4.5 4.5 0 0 1 9 1c0 3-2 6.5-9 11.5z"/>',  # noqa: E501
        "lifebuoy": (
            '<circle cx="12" cy="12" r="9"/><circle cx="12" cy="12" r="3.5"/>'
            '<path d="m5.6 5.6 3.9 3.9m5 5 3.9 3.9m0-12.8-3.9 3.9m-5 5-3.9 3.9"/>'
        ),
        "shield": '<path d="M12 2.5 20 6v5.5c0 4.5-3 8-8 10-5-2-8-5.5-8-10V6z"/>',
        "bowl": '<path d="M3 12h18c0 4.5-3 8-7 8h-4c-4 0-7-3.5-7-8zM8 8.5V5m4 3.5V3m4 5.5V5"/>',
        "bulb": '<path d="M9 18h6M10 21h4M8.5 15a6.5 6.5 0 1 1 7 0z"/>',
        "coin": '<circle cx="12" cy="12" r="9"/><path d="M15 9c-1-1.3-5.5-1.6-5.5.8 0 2.6 5.5 1.4 5.5 4.2 0 2.5-4.7 2.3-6 .8M12 6v12"/>',  # noqa: E501
        "bottle": '<path d="M9 9h6l1.5 3v9h-9v-9zM10 9V6l2-3 2 3v3M7.5 16h4"/>',
        "shirt": '<path d="m8 3-6 4 2.5 4L7 9.5V21h10V9.5l2.5 1.5L22 7l-6-4c-1 2.5-7 2.5-8 0z"/>',
        "ball": '<circle cx="12" cy="12" r="9"/><path d="M12 3v18M5.5 5.8c4 3 4 9.4 0 12.4m13-12.4c-4 3-4 9.4 0 12.4"/>',  # noqa: E501
        "health": '<path d="M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"/>',
        "pill": '<path d="M4.5 11.5 11.5 4.5a5.3 5.3 0 0 1 8 8l-7 7a5.3 5.3 0 0 1-8-8zM8 8l8 8"/>',
        "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18"/>',  # noqa: E501
        "bus": '<path d="M4 17V6c0-1.5 1-2 2-2h12c1 0 2 .5 2 2v11zM4 11h16M7 17v3m10-3v3M7.5 14v.01m9-.01v.01"/>',  # noqa: E501
        "briefcase": '<path d="M3 8h18v12H3zM8 8V4h8v4M3 13h18"/>',
        "chair": '<circle cx="10" cy="15.5" r="5.5"/><path d="M10 3v7h7l2 7h2.5M10 6h5"/>',
        # What it is about: nothing of it shows anybody being hurt.
        "stop": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7v6m0 3.5v.01"/>',
        "said": '<path d="M4 5h16v11h-9l-5 4v-4H4zM12 8v3m0 2v.01"/>',
        "sad": '<circle cx="12" cy="12" r="9"/><path d="M9 9v1m6-1v1m-7 6c2-2.5 6-2.5 8 0"/>',
        "adult": '<path d="M5 21c0-6 1-9 4-9s4 3 4 9M15 21c0-3 1-5 3-5s3 2 3 5"/><circle cx="9" cy="6" r="3"/><circle cx="18" cy="11" r="2"/>',  # noqa: E501
        "apart": '<circle cx="5" cy="12" r="2.5"/><circle cx="16" cy="6" r="2.5"/><circle cx="19" cy="12" r="2.5"/><circle cx="16" cy="18" r="2.5"/>',  # noqa: E501
        "against": '<path d="M2 12h7M6 8l4 4-4 4M22 12h-7M18 8l-4 4 4 4"/>',
        "more": '<path d="M5 12v.01M12 12v.01M19 12v.01"/>',
        # The mark: one person standing up beside another.
        "mark": (
            '<circle cx="8" cy="6.5" r="3"/><path d="M3 21v-4c0-3 2-5 5-5s5 2 5 5v4"/>'
            '<circle cx="17" cy="11" r="2.3"/><path d="M16.5 15.7c2.7-.4 4.5 1.3 4.5 3.8V21"/>'
        ),
        # The shapes of the three priorities (filled by the style sheet).
        "priority-life-safety": (
            '<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path class="ink" d="M12 6.5v7m0 3.5v.01"/>'
        ),
        "priority-urgent": (
            '<path d="M12 2.5 22.5 21h-21z"/><path class="ink" d="M12 10v4.5m0 3v.01"/>'
        ),
        "priority-routine": '<circle cx="12" cy="12" r="8"/>',
        # The shapes of the states.
        "state-waiting": '<circle cx="12" cy="12" r="8" stroke-dasharray="3 3.3"/>',
        "state-working": '<circle cx="12" cy="12" r="8"/><path class="fill" d="M12 4a8 8 0 0 1 0 16z"/>',  # noqa: E501
        "state-done": '<circle class="fill" cx="12" cy="12" r="9"/><path class="ink" d="m8 12.5 3 3 5.5-6.5"/>',  # noqa: E501
        "state-late": '<path class="fill" d="M12 3 22.5 12 12 21 1.5 12z"/><path class="ink" d="M12 8v4.5m0 3v.01"/>',  # noqa: E501
        "state-closed": '<path d="M4 4h16v16H4z"/><path d="M8 12h8"/>',
    }
)
"""Name to the inside of an `<svg>`. Only literals: they go into pages unescaped."""

NEUTRAL_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath fill='%2371767a' d='M3 1h7l3 3v11H3z'/%3E%3C/svg%3E"
)
"""A grey sheet as a data address: the reporter's tab gets an icon without a request for one."""
