"""Claims to verdicts, exactly: a printed number is an interval, a relation holds where the intervals meet.

Give claims and a mapping of figure_id to Figure. Nothing here reads text or clocks, and no number is a float.
"""

from flows.judge.blame import blame_groups, suspects, suspects_by_claim
from flows.judge.doubt import FAR_APART, doubt_far_apart
from flows.judge.interval import Interval
from flows.judge.joint import JointVerdict, joint_conflicts, judge_jointly
from flows.judge.printed import Fact, Summation, is_percent_of, judge_summation, possible_counts
from flows.judge.verdicts import judge_claim, judge_claims

__all__ = [
    "FAR_APART",
    "Fact",
    "Interval",
    "JointVerdict",
    "Summation",
    "blame_groups",
    "doubt_far_apart",
    "is_percent_of",
    "joint_conflicts",
    "judge_claim",
    "judge_claims",
    "judge_jointly",
    "judge_summation",
    "possible_counts",
    "suspects",
    "suspects_by_claim",
]
