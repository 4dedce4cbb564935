"""Python's collector of cycles, in processes that serve."""

import gc


def settle() -> None:
    """What start-up made stays for good: half a million objects that the collector need not walk again. And it looks
    less often: a page makes about 50,000 objects, most of them gone at its end, and looking for cycles each 700 finds
    the same ones again; of ten thousand readers that come at once all that is new is there to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
