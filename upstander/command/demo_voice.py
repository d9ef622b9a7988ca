"""The demo's form is read aloud by a machine, espeak-ng, where it is there (ADR 202)."""

from __future__ import annotations

import ctypes
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from upstander.base.languages import BY_CODE

#: The package of checks that brings espeak-ng and its voices; no system in use has it.
PACKAGE: Final = "espeakng_loader"
#: As espeak-ng's speak_lib.h has them: give the samples back, all at once; the text is UTF-8.
_SYNCHRONOUS, _UTF8 = 2, 1
_TAKE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def read_aloud() -> str:
    """Record each line of the form that no recording has yet; return one line about it."""
    from upstander.doors.recordings import folder_of, hash_of  # noqa: PLC0415 - needs Django
    from upstander.doors.web.aloud import lines  # noqa: PLC0415

    if find_spec(PACKAGE) is None:
        return "the form can't be heard: espeakng-loader is not installed (`make setup-dev`)"
    made = 0
    for code, language in BY_CODE.items():
        missing = [text for text, there in lines(code).items() if not there]
        if not language.espeak or not missing:
            continue
        folder = folder_of(code)
        folder.mkdir(parents=True, exist_ok=True)
        for text in missing:
            speak(text, language.espeak, folder / f"{hash_of(text)}.wav")
        made += len(missing)
    return f"{made} lines of the form were read aloud by a machine"


def speak(text: str, voice: str, file: Path) -> None:
    """Write a text, as a voice of espeak-ng says it, into a WAV file. Raises ValueError."""
    import espeakng_loader as brought  # noqa: PLC0415 - only the checks have it

    library = ctypes.CDLL(brought.get_library_path())
    samples = bytearray()

    def take(given: Any, count: int, _events: object) -> int:
        if given and count:
            samples.extend(ctypes.string_at(given, count * 2))
        return 0

    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, brought.get_data_path().encode(), 0)
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"espeak-ng has no voice {voice!r}")
    # Kept by a name until it is called no more.
    taking = _TAKE(take)
    library.espeak_SetSynthCallback(taking)
    words = text.encode() + b"\0"
    library.espeak_Synth.argtypes = (
        ctypes.c_char_p,
        ctypes.c_size_t,
        *(ctypes.c_uint,) * 4,
        *(ctypes.c_void_p,) * 2,
    )
    library.espeak_Synth(words, len(words), 0, 0, 0, _UTF8, None, None)
    with wave.open(str(file), "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(bytes(samples))
