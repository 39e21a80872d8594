"""The laws that every scheme keeps, or says why it does not."""

from __future__ import annotations

from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.messages import say
from ictindex.testing.leaving import leaving, leaving_asked
from ictindex.testing.monotony import monotony, monotony_asked
from ictindex.testing.plain import additivity, bounds, bounds_asked, order, order_asked
from ictindex.testing.reach import reach, reach_asked
from ictindex.testing.rows import Wanted
from ictindex.testing.steps import steps, steps_asked
from ictindex.testing.world import Law

__all__ = ["LAWS", "law"]

LAWS = (
    Law(
        name="bounds",
        words=say("every row has between 0 points and its maximum, and a total is published on its scale"),
        asked=bounds_asked,
        look=bounds,
    ),
    Law(
        name="monotony",
        words=say("a better figure never lowers the score of the unit that reports it"),
        asked=monotony_asked,
        look=monotony,
        wanted=Wanted(most=4),
    ),
    Law(
        name="order",
        words=say("the order of the units changes nothing, and a further unit only what compares units"),
        asked=order_asked,
        look=order,
        wanted=Wanted(least=2, most=4),
    ),
    Law(
        name="additivity",
        words=say("what the rows of a heading contribute adds up to its points"),
        look=additivity,
        wanted=Wanted(most=3),
    ),
    Law(
        name="not-applicable",
        words=say("what is left out is converted back as the scheme says, and what counts as zero is 0"),
        asked=leaving_asked,
        look=leaving,
        wanted=Wanted(most=3, always=True, left=True),
    ),
    Law(
        name="reach",
        words=say("the best figures give every row its maximum, and the worst give 0"),
        asked=reach_asked,
        examine=reach,
    ),
    Law(
        name="steps",
        words=say("a figure just at a threshold earns that step"),
        asked=steps_asked,
        examine=steps,
    ),
)


def law(name: str) -> Law:
    """Return the law of that name. Raises UnknownName with a suggestion."""
    found = {one.name: one for one in LAWS}
    if name not in found:
        hint = did_you_mean(name, found) or say("the laws are: {names}", names=", ".join(found))
        raise UnknownName(Problem("U136", say("there is no law '{name}'", name=name), hint=hint))
    return found[name]
