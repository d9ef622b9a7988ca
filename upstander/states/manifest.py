"""What this app brings: the files of the States' law."""

from upstander.plug import Manifest

MANIFEST = Manifest(laws=("folders.law_files",))
