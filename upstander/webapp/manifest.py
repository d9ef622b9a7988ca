"""What this app brings: the reporter's pages as an app that is installed, and works offline."""

from upstander.plug import Manifest, Mount

MANIFEST = Manifest(
    mounts=(
        Mount("public", "urls_plain"),
        Mount("public", "urls", languages=True),
    ),
)
