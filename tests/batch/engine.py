"""An engine for tests: the batch's, without processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from stripper.workers import Plan


def inline(
    items: Iterable[Any], work: Callable[[Any], Any], jobs: int, plan: Plan
) -> Generator[tuple[Any, Any], None, None]:
    """Yield each item with its result, one after the other, in this process."""
    del jobs
    for item in items:
        if plan.stop is not None and plan.stop.asked:
            return
        known = plan.known(item) if plan.known else None
        yield item, work(item) if known is None else known


def counting(counts: list[str]) -> Callable[..., Generator[tuple[Any, Any], None, None]]:
    """Return `inline`, noting in `counts` the id of each item that is worked on."""

    def engine(
        items: Iterable[Any], work: Callable[[Any], Any], jobs: int, plan: Plan
    ) -> Generator[tuple[Any, Any], None, None]:
        def counted(item: Any) -> Any:
            counts.append(item.id)
            return work(item)

        yield from inline(items, counted, jobs, plan)

    return engine
