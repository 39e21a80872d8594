"""A round: the figures that were declared, and the claims about which more was said; and the table of each track.

What the evidence of a criterion counts as is said of the unit's figures there together: it is rejected where the last
decision about that of one of them says so, else shown where it was declared or accepted. Where nobody declared any
evidence of a criterion, none was asked for in this round: it counts as shown until it is rejected, and the notes of the
table say so. Without its evidence a criterion scores what the scheme says, and where the scheme does not say, 0 on the
verified and the final track.

Problems: T171 a figure that nobody verified, where that is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from ictindex.cells import CellState
from ictindex.errors import Location, Problem, TableInvalid, UnknownName, did_you_mean
from ictindex.messages import say
from ictindex.model import Indicator, Scheme
from ictindex.origins import Origin, Reason, placed
from ictindex.rounds.declared import Declared, Details
from ictindex.rounds.events import MISSING, Claim, Figure, Track, Unverified, Verdict
from ictindex.rounds.notes import track_notes
from ictindex.rounds.places import Places
from ictindex.rounds.telling import history_lines
from ictindex.table import Column, Table

WithoutEvidence = Literal["flag", "zero", "refuse"]


@frozen
class RoundOrigin(Origin):
    """Where the figures of a track come from: the line of the round that decided them, else the declared table.

    `claims` are by the position of the unit and the column.
    """

    declared: Origin = field(factory=Origin)
    track: Track = Track.DECLARED
    claims: Mapping[tuple[int, str], Claim] = field(factory=dict)
    criteria: Mapping[tuple[int, str], tuple[Claim, ...]] = field(factory=dict)

    def at(self, unit: int | None = None, cell: str = "") -> Location:
        """Return the line that decided the figure, where the round has one about it."""
        claim = None if unit is None else self.claims.get((unit, cell))
        event = None if claim is None else claim.deciding(self.track)
        if event is None or not event.line:
            return self.declared.at(unit, cell)
        return placed(event.source, "", event.line, cell)

    def reasons(self, unit: int, cell: str) -> tuple[Reason, ...]:
        """Return the reasons that were given where the figure, or the evidence of its criterion, was decided."""
        claim = self.claims.get((unit, cell))
        about = self.criteria.get((unit, cell), ()) if claim is None else (claim,)
        return tuple(dict.fromkeys(reason for one in about for reason in one.reasons(self.track)))

    def history(self, unit: int, cell: str) -> tuple[str, ...]:
        """Return what became of the figure up to this track, where it was decided about: an event a line."""
        claim = self.claims.get((unit, cell))
        if claim is None or claim.unverified(self.track) or self.track is Track.DECLARED:
            return ()
        return tuple(history_lines(claim, self.track))

    def is_rejected(self, unit: int, row: str) -> bool:
        """Whether this track rejects the unit's evidence of a criterion."""
        about = self.criteria.get((unit, f"{row}.evidence"), ())
        return any(claim.verdict(self.track) is Verdict.REJECTED for claim in about)

    @property
    def has_events(self) -> bool:
        """Whether the round has a line about any figure."""
        return bool(self.claims)

    def of(self, units: Iterable[int]) -> Origin:
        """Return where these units came from, in this order."""
        chosen = list(units)
        places = {unit: at for at, unit in enumerate(chosen)}
        return evolve(
            self,
            declared=self.declared.of(chosen),
            claims={(places[unit], key): one for (unit, key), one in self.claims.items() if unit in places},
            criteria={(places[unit], key): one for (unit, key), one in self.criteria.items() if unit in places},
        )


@frozen(kw_only=True, slots=False)
class Round:
    """The declared figures and the claims of a round, by unit and column, about which its file says something.

    `declared` is the table of the declared track. `source` is what messages call the file of the round. `notes` are
    those of every track, `details` what forms say beside the declared figures.
    """

    scheme: Scheme
    declared: Table
    claims: Mapping[tuple[str, str], Claim]
    source: str = ""
    notes: tuple[str, ...] = ()
    details: Details = field(factory=dict)

    def table(
        self,
        track: Track | str = Track.FINAL,
        *,
        unverified: Unverified | str = Unverified.DECLARED,
        without_evidence: WithoutEvidence = "zero",
        beside: bool = True,
    ) -> Table:
        """Return the figures of a track, with the declared ones beside them unless `beside` is false.

        `unverified` says what a figure counts as that nobody verified, and `without_evidence` what a criterion scores
        without its evidence, where the scheme does not say. Both, and the track, stand in the table's options.
        Raises TableInvalid where figures are not verified and that is refused, UnknownName where a choice is none.
        """
        track, unverified = Track(_chosen(track, Track)), Unverified(_chosen(unverified, Unverified))
        _chosen(without_evidence, get_args(WithoutEvidence))
        if track is Track.DECLARED:
            return self.declared
        if unverified is Unverified.REFUSE:
            self._refuse(track)
        options = {"track": str(track), "unverified": str(unverified), "without_evidence": without_evidence}
        return evolve(
            self.declared,
            columns=self._columns(track, unverified),
            evidence=self._evidence(track),
            declared=self.declared if beside else None,
            without_evidence=without_evidence,
            options=options,
            notes=(*self.notes, *track_notes(self, track, unverified)),
            origin=self._origin(track),
        )

    def claim(self, unit: str, code: str) -> Claim | None:
        """Return what is known of a unit's figure, by its code; None where it was never declared."""
        place = Places(self.scheme).find(code)
        if place is None or unit not in self.positions:
            return None
        known = self.claims.get((unit, place.key))
        if known is not None:
            return known
        first = Declared(self.scheme, self.declared, self.details).event(unit, place.key)
        return (
            None if first is None else Claim(unit=unit, code=place.code, key=place.key, row=place.row, history=(first,))
        )

    def unverified(self, track: Track) -> dict[str, NDArray[np.bool_]]:
        """Return, by column, the units whose reported figure a track has from nobody but the unit itself."""
        masks = {}
        for key, column in self.declared.columns.items():
            masks[key] = reported(column) & (column.values != 0 if key.endswith(".excluded") else True)
        for (unit, key), claim in self.claims.items():
            if key in masks and not claim.unverified(track):
                masks[key][self.positions[unit]] = False
        return masks

    @cached_property
    def positions(self) -> dict[str, int]:
        """The position of each unit in the tables."""
        return {unit: at for at, unit in enumerate(self.declared.units)}

    @cached_property
    def undeclared(self) -> tuple[str, ...]:
        """The criteria that ask for evidence and of which nobody declared any, in the order of the scheme."""
        asked = [row.code for row in self.scheme.rows() if isinstance(row, Indicator) and row.evidence is not None]
        return tuple(code for code in asked if code not in self.declared.evidence)

    def _columns(self, track: Track, unverified: Unverified) -> dict[str, Column]:
        values = {key: column.values.copy() for key, column in self.declared.columns.items()}
        states = {key: _states(column) for key, column in self.declared.columns.items()}
        size = len(self.declared.units)
        if unverified is Unverified.MISSING:
            for key, mask in self.unverified(track).items():
                values[key][mask], states[key][mask] = (0.0, 0) if key.endswith(".excluded") else _cell(MISSING)
        for (unit, key), claim in self.claims.items():
            figure = claim.value(track, unverified)
            if figure is None:
                continue
            if key not in values:
                values[key], states[key] = np.full(size, np.nan), np.full(size, CellState.MISSING, np.uint8)
            at = self.positions[unit]
            values[key][at], states[key][at] = _cell(figure)
        columns = {}
        for key, cells in values.items():
            if key.endswith(".excluded"):  # an empty cell leaves no points out
                columns[key] = Column(np.nan_to_num(cells))
            else:
                columns[key] = Column(cells, states[key] if states[key].any() else None)
        return columns

    def _evidence(self, track: Track) -> dict[str, NDArray[np.bool_]]:
        """Return who showed the evidence of each criterion of which anything was declared or decided."""
        masks = {code: shown.copy() for code, shown in self.declared.evidence.items()}
        for (unit, row), claims in self._criteria().items():
            verdicts = {claim.verdict(track) for claim in claims} - {None}
            if verdicts:
                known = masks.setdefault(row, np.ones(len(self.declared.units), np.bool_))
                known[unit] = Verdict.REJECTED not in verdicts
        return masks

    def _criteria(self) -> dict[tuple[int, str], tuple[Claim, ...]]:
        """Return the claims about figures of each unit's criteria, by the unit's position and the criterion's code."""
        found: dict[tuple[int, str], tuple[Claim, ...]] = {}
        for (unit, _), claim in self.claims.items():
            if claim.row:
                where = (self.positions[unit], claim.row)
                found[where] = (*found.get(where, ()), claim)
        return found

    def _origin(self, track: Track) -> RoundOrigin:
        known = self.declared.origin
        base = known.declared if isinstance(known, RoundOrigin) else known
        judged = {
            (unit, f"{row}.evidence"): claims
            for (unit, row), claims in self._criteria().items()
            if any(claim.verdict(track) for claim in claims)
        }
        claims = {(self.positions[unit], key): claim for (unit, key), claim in self.claims.items()}
        return RoundOrigin(source=self.source, declared=base, track=track, claims=claims, criteria=judged)

    def _refuse(self, track: Track) -> None:
        hint = say("add a line that verifies it, or count it as declared or as missing")
        problems = [
            Problem("T171", say("{unit}: nobody verified {code}", unit=self.declared.units[at], code=key), where, hint)
            for key, mask in self.unverified(track).items()
            for at in np.flatnonzero(mask).tolist()
            for where in [self.declared.origin.at(at, key)]
        ]
        if problems:
            raise TableInvalid(sorted(problems, key=lambda problem: problem.where))


def _chosen(word: str, known: Iterable[str]) -> str:
    """Return a word that is one of those known. Raises UnknownName."""
    names = [str(one) for one in known]
    if word not in names:
        hint = did_you_mean(word, names) or say("choose one of {words}", words=", ".join(names))
        raise UnknownName(Problem("U190", say("'{word}' is no choice here", word=word), hint=hint))
    return word


def reported(column: Column) -> NDArray[np.bool_]:
    """Return the units of which a column has a figure."""
    return np.array(_states(column) == CellState.REPORTED)


def _states(column: Column) -> NDArray[np.uint8]:
    return np.zeros(len(column), np.uint8) if column.states is None else column.states.copy()


def _cell(figure: Figure) -> tuple[Any, int]:
    return np.nan if figure.number is None else figure.number, int(figure.state)


def made_round(
    scheme: Scheme, base: Table, claims: Mapping[tuple[str, str], Claim], source: str, details: Details | None = None
) -> Round:
    """Return the round of a declared table and of claims: its declared track has what the claims declare put in."""
    found = Round(scheme=scheme, declared=base, claims=claims, source=source)
    columns = found._columns(Track.DECLARED, Unverified.DECLARED)
    evidence = {code: shown.copy() for code, shown in base.evidence.items()}
    words = {code: list(texts) for code, texts in base.evidence_texts.items()}
    for unit, row, proof in _shown(found):
        evidence.setdefault(row, np.zeros(len(base.units), np.bool_))[unit] = True
        words.setdefault(row, [""] * len(base.units))[unit] = proof
    options = {"track": str(Track.DECLARED)}
    notes = (*base.notes, *track_notes(found, Track.DECLARED, Unverified.DECLARED))
    origin = found._origin(Track.DECLARED)
    table = evolve(
        base,
        columns=columns,
        evidence=evidence,
        evidence_texts=words,
        options=options,
        notes=notes,
        origin=origin,
        declared=None,
    )
    known = {} if details is None else details
    return Round(scheme=scheme, declared=table, claims=claims, source=source, notes=base.notes, details=known)


def _shown(found: Round) -> Iterator[tuple[int, str, str]]:
    """Yield the position of a unit, a criterion, and the documents that the unit declared for it."""
    for (unit, row), claims in found._criteria().items():
        proofs = [str(proof) for claim in claims for proof in claim.shown()]
        if proofs:
            yield unit, row, "; ".join(dict.fromkeys(proofs))
