"""What the terminal shows while the venues of a launch are played: one line per venue, alive; plain lines elsewhere."""

from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from everhall.engines.ceremony import ITEMS
from everhall.live.models import Ceremony
from everhall.live.queries.ceremonies import parties_of

VOTES = {"none": "…", "go": "[green]GO[/]", "no-go": "[red]NO-GO[/]"}


class Seen:
    """A context manager; `show` takes what `state_json` writes."""

    def __init__(self, row: Ceremony) -> None:
        self.names = {key: venue.name for key, venue in parties_of(row).items()}
        self.console = Console(stderr=True)
        self.live = Live(console=self.console, refresh_per_second=4, transient=False) if self.console.is_terminal else None
        self.last = ""

    def __enter__(self) -> "Seen":
        if self.live is not None:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live is not None:
            self.live.stop()

    def show(self, state: dict[str, Any]) -> None:
        if self.live is not None:
            self.live.update(self.table(state))
        elif (line := self.line(state)) != self.last:
            self.last = line
            self.console.print(line, soft_wrap=True)

    def table(self, state: dict[str, Any]) -> Table:
        table = Table(title=self.title(state), title_justify="left")
        for name in ("venue 会场", *ITEMS, "vote"):
            table.add_column(name)
        for party in state["parties"]:
            done = ["[green]✓[/]" if item in party["done"] else "·" for item in ITEMS]
            vote = VOTES[party["vote"]] if party["present"] else "[yellow]away[/]"
            table.add_row(self.names.get(party["key"], party["key"]), *done, vote)
        return table

    @staticmethod
    def title(state: dict[str, Any]) -> str:
        return ("rehearsal 排练 · " if state["rehearsal"] else "") + str(state["state"])

    def line(self, state: dict[str, Any]) -> str:
        votes = " ".join(f"{party['key']}:{len(party['done'])}/{len(ITEMS)},{party['vote']}" for party in state["parties"])
        return f"{self.title(state)} {votes}"
