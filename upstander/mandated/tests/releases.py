"""What no page may say to somebody who asks whether to report: that they need not."""

from __future__ import annotations

import re
from typing import Final

#: By language; each is looked for in every text.
_RELEASES: Final = (
    # English
    r"(no|not any) (need|duty|reason|obligation) to (report|call|worry|tell)",
    r"(don['’]t|do not|needn['’]t|need not|doesn['’]t|does not) (have to |need to )?(report|call)",
    r"(not|isn['’]t|n['’]t) (a )?(report|reportable|required|necessary)\b(?! (it|you))",
    r"nothing to report|can['’]t be reported|too little to|not serious|you can wait|wait and see",
    # Spanish
    r"no (hace falta|es necesario|se necesita|tiene que|tienes que|hay que|debe|debes|necesita)",
    r"sin (necesidad|obligación) de|no (es|está) obligad|puede esperar|no es grave|no denuncie",
    r"no llame|nada que denunciar",
    # Arabic
    r"لا (حاجة|داعي|ضرورة|لزوم|يلزم|يجب)|ليس (عليك|من الضروري|واجبًا|ضروريًا)|غير (ضروري|لازم)",
    r"(يمكن|يمكنك) الانتظار|ليس خطيرًا|دون (إبلاغ|بلاغ)|لا تبلّغ|لا تتصل",
)
#: What says that something else is no report: it is none of these.
_NO_REPORT: Final = re.compile(
    r"(is|are|does) not (your report|that report|reporting|a report|replace the report)",
    re.IGNORECASE,
)


def released(text: str) -> list[str]:
    """Return what in a text reads as a release from reporting."""
    plain = _NO_REPORT.sub("", " ".join(text.split()))
    return [m.group(0) for one in _RELEASES for m in re.finditer(one, plain, re.IGNORECASE)]
