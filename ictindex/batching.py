"""The public functions of scoring in parts: what units teach, scores and ranks of Arrow record batches.

`learn_batch` and `score_batch` are pure functions, for the workers of any engine. `learn_batches`
and `score_batches` go through all batches, here or with an executor.
"""

from __future__ import annotations

from ictindex.batches.ranks import exact_batch, rank_batches
from ictindex.batches.scoring import learn_batch, learn_batches, score_batch, score_batches
from ictindex.learning import Learned, learn, merge_learned, stages_to_learn

__all__ = [
    "Learned",
    "exact_batch",
    "learn",
    "learn_batch",
    "learn_batches",
    "merge_learned",
    "rank_batches",
    "score_batch",
    "score_batches",
    "stages_to_learn",
]
