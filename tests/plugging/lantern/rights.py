"""Who may light lanterns."""

from upstander.people.permissions import Right


class LanternRight(Right):
    """This app's own right."""

    LIGHT = "light a lantern"
