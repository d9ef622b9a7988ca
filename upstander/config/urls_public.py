"""Every address of the reporter's site. English has no prefix; the others carry theirs.

The language stands in the address and nowhere else: no cookie, and nothing read from the browser,
but at ``/`` itself, whence the gate leads on to a reader's own language (front/spoken.py).
"""

from upstander.config.mounting import mounted

handler400 = "upstander.ui.errors.public_400"
handler403 = "upstander.ui.errors.public_403"
handler404 = "upstander.ui.errors.public_404"
handler500 = "upstander.ui.errors.public_500"

urlpatterns = mounted("public")
