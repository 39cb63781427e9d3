"""One line of the table: what, Vigie, the reference, their ratio, the bar, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """`ours` and `reference` share `unit`; without a reference the bar is on `ours` itself."""

    what: str
    ours: float
    reference: float | None
    unit: str
    bar: float

    @property
    def measured(self) -> float:
        """What the bar is held against."""
        return self.ours if self.reference is None else self.ours / self.reference

    @property
    def holds(self) -> bool:
        """At most the bar."""
        return self.measured <= self.bar

    def cells(self) -> tuple[str, ...]:
        """As the table prints it."""
        reference = "-" if self.reference is None else f"{self.reference:.3g} {self.unit}"
        ratio = "-" if self.reference is None else f"{self.measured:.2f}"
        return (
            self.what,
            f"{self.ours:.3g} {self.unit}",
            reference,
            ratio,
            f"<= {self.bar:g}",
            "holds" if self.holds else "short",
        )


HEADINGS = ("what", "Vigie", "reference", "ratio", "bar", "")


def table(lines: list[Line]) -> str:
    """All lines, aligned."""
    rows = [HEADINGS, *(line.cells() for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
