"""Cleaning of the files that reporters add: what would say where, when or by whom they were made.

``kinds`` decides by content what a file is; ``runner`` has it cleaned by a child process that can
do nothing else (``sandbox``, ``child``). Pictures and PDFs are made anew (``pictures``, ``pdfs``);
in sound and video the place and device data are blanked where they stand (``movies``, ``matroska``,
``ogg``, ``riff``, ``frames``), as a plan of ``edits`` that the parent applies while it streams.
See docs/adr for what is cleaned how, and what is not.
"""
