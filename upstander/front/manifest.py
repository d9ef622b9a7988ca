"""What this app brings: the reporter's site."""

from upstander.plug import Manifest, Mount

MANIFEST = Manifest(
    mounts=(
        Mount("public", "urls_plain"),
        Mount("public", "urls", languages=True),
    ),
)
