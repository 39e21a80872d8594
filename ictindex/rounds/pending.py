"""Which figures of a track of a round are still open, for the pending ranking.

Problems: U260 a round of other units or of another scheme than the result, U261 the declared track.
"""

from __future__ import annotations

from attrs import evolve

from ictindex.analysis.pending.figures import Asked, OpenFigures
from ictindex.errors import Problem, WrongUse
from ictindex.messages import say
from ictindex.result import Result
from ictindex.rounds.events import Claim, Track
from ictindex.rounds.round import Round
from ictindex.rounds.telling import figure_text, when_text


def open_figures(found: Round, result: Result) -> OpenFigures:
    """Return what a round knows of the figures of a result of its verified or final track.

    Raises WrongUse where the result is not of that round, or of what was declared.
    """
    if found.scheme.id != result.scheme.id or found.declared.units != result.units:
        message = say("the round and the result are not of the same units and scheme")
        raise WrongUse(Problem("U260", message, hint=say("score a track of this round: `round.table('final')`")))
    track = Track(result.table.options.get("track", Track.DECLARED))
    if track is Track.DECLARED:
        message = say("the result is of what was declared, where nothing is decided")
        raise WrongUse(Problem("U261", message, hint=say("score the verified or the final track of the round")))
    known = OpenFigures(unverified=found.unverified(track))
    appealed, decided, judged = {}, set(), set()
    for (unit, key), claim in found.claims.items():
        at = found.positions[unit]
        if claim.appealed:
            appealed[at, key] = _asked(claim, track)
        elif not claim.unverified(track):
            decided.add((at, key))
            if claim.row and (claim.closed or claim.verdict(track)):
                judged.add((at, claim.row))
    return evolve(known, appealed=appealed, decided=frozenset(decided), judged=frozenset(judged))


def _asked(claim: Claim, track: Track) -> Asked:
    """Return what the last event of a claim, an appeal, asks for."""
    appeal, now = claim.history[-1], claim.value(track)
    figure = appeal.value
    return Asked(
        value=None if figure is None else figure.number,
        state=None if figure is None else figure.state,
        now="" if now is None else figure_text(now),
        text=None if figure is None else figure_text(figure),
        evidence=str(appeal.proof),
        since=when_text(appeal.when) or None,
        remark=appeal.remark,
    )
