"""Addresses of the desk: each app mounts its own; everything is closed unless a view opens it."""

from upstander.config.mounting import mounted

handler400 = "upstander.ui.errors.desk_400"
handler403 = "upstander.ui.errors.desk_403"
handler404 = "upstander.ui.errors.desk_404"
handler500 = "upstander.ui.errors.desk_500"

urlpatterns = mounted("desk")
