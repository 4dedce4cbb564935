"""How often somebody may do something: buckets that fill again with time.

In: keys (a person, an address), moments in seconds. Out: seconds to wait. What must stay true: who is refused pays
nothing; what is kept stays bounded, whatever comes.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, then `each_second`."""

    burst: float
    each_second: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of an allowance, as of a moment."""

    left: float
    at: float


def spend(bucket: Bucket | None, allowance: Allowance, now: float, cost: float = 1.0) -> tuple[Bucket, float]:
    """The bucket afterwards, and how many seconds to wait: 0 if it was allowed. Who is refused pays nothing."""
    left = allowance.burst
    if bucket is not None:
        left = min(allowance.burst, bucket.left + max(0.0, now - bucket.at) * allowance.each_second)
    if left >= cost:
        return Bucket(left - cost, now), 0.0
    return Bucket(left, now), (cost - left) / allowance.each_second


class Meter:
    """Buckets by key (a person, an address). Beyond `most` keys those that are full again are forgotten, which changes
    nothing for them; if that is not enough, all are."""

    def __init__(self, allowance: Allowance, most: int = 50_000) -> None:
        self.allowance = allowance
        self.most = most
        self._buckets: dict[object, Bucket] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def wait(self, key: object, now: float, cost: float = 1.0) -> float:
        """Seconds until `key` may; 0 if it may now, and then it has."""
        if len(self._buckets) >= self.most and key not in self._buckets:
            self._forget(now)
        self._buckets[key], wait = spend(self._buckets.get(key), self.allowance, now, cost)
        return wait

    def _forget(self, now: float) -> None:
        full = self.allowance.burst / self.allowance.each_second
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if now - bucket.at < full}
        if len(self._buckets) >= self.most:
            self._buckets.clear()


def address_key(address: str) -> str:
    """What counts as one address: an IPv6 network of 64 bits is one household or one hall."""
    if ":" not in address or address.startswith("::ffff:"):
        return address.removeprefix("::ffff:")
    head, _, tail = address.partition("::")
    groups = [group for group in head.split(":") if group]
    if "::" in address:
        known = len(groups) + len([group for group in tail.split(":") if group])
        groups += ["0"] * max(0, 8 - known)
    return ":".join(groups[:4]) + "::/64"
