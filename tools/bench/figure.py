"""A measured figure and the limit that stands beside it."""

from dataclasses import asdict, dataclass, field


@dataclass
class Figure:
    """``ratio`` = value / limit; ``extra`` holds what else was seen."""

    value: float
    unit: str
    limit_name: str
    limit: float
    extra: dict = field(default_factory=dict)

    @property
    def ratio(self):
        return self.value / self.limit if self.limit else 0.0

    def as_json(self):
        return {**asdict(self), "ratio": round(self.ratio, 4)}

    def __str__(self):
        return (
            f"{self.value:.1f} {self.unit}, {self.ratio:.2f} of {self.limit:.1f}"
            f" ({self.limit_name})"
        )


def percentile(values, share):
    """The value below which this share of the sorted values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
