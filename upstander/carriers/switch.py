"""Who connects calls: a provider of the file, behind the one contract (``contract.Switch``)."""

from __future__ import annotations

from upstander.carriers.contract import CarrierError, LegState, Switch
from upstander.carriers.models import Channel
from upstander.carriers.providers import Provider, provider_named
from upstander.carriers.twilio import RING, Twilio


class TwilioSwitch:
    """One account that speaks Twilio's language of calls."""

    def __init__(self, provider: Provider) -> None:
        self._twilio = Twilio(provider, Channel.VOICE)
        self.name = provider.name

    def dial(
        self,
        to: str,
        line: str,
        url: str,
        status_url: str,
        *,
        keys: str = "",
        ring: int = RING,
        whom: bool = False,
    ) -> str:
        """Ring a number from a line; return the leg's id. Raises CarrierError."""
        return self._twilio.dial(to, line, url, status_url, keys=keys, ring=ring, whom=whom)

    def move(self, leg: str, url: str) -> None:
        """Lead a leg to another document. Raises CarrierError."""
        self._twilio.move(leg, url)

    def end(self, leg: str) -> None:
        """Hang up. One that has ended is no error. Raises CarrierError."""
        try:
            self._twilio.end(leg)
        except CarrierError:
            if not self.ask(leg).over:
                raise

    def ask(self, leg: str) -> LegState:
        """Ask how a leg stands. Raises CarrierError."""
        return self._twilio.stand(leg)

    def purge(self, leg: str) -> None:
        """Delete what it keeps of a leg that ended. Raises CarrierError."""
        self._twilio.forget(f"Calls/{leg}")


def switch_named(name: str) -> Switch | None:
    """Return who connects calls under a name; None: nobody does. Raises RuleFileWrong."""
    provider = provider_named(name)
    if provider is None or Channel.VOICE not in provider.channels:
        return None
    return TwilioSwitch(provider)
