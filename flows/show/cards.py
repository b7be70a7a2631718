"""A relation as it stands in the HTML of a page, and the facts from which the browser draws the rest of its card.

In the page stand verdict, kind and arithmetic, so that it is read without scripts. The number line, the members and
whatever else is known are drawn by assets/cards.js, of relations on the pages of reports and among the findings alike.
"""

from functools import lru_cache
from typing import Any

from markupsafe import Markup

from flows.show.marking import markup, safe, visible
from flows.show.names import page_link
from flows.show.tongues import in_chinese, in_tongues, said, word
from flows.show.views import CheckView, MemberView


def card(number: int, check: CheckView) -> str:
    """A relation with its number, as it stands on the page of a report."""
    return (
        f'<section class="check {check.verdict}" id="c-{safe(check.check_id)}" data-check="{number}" tabindex="-1">'
        f"{_card_head(check.verdict, check.kind, check.origin)}"
        f'<p class="arithmetic">{message_of(check)}</p></section>\n'
    )


@lru_cache(maxsize=1_024)
def _card_head(verdict: str, kind: str, origin: str) -> str:
    said = f'{badge(verdict)}<span class="kind">{word(kind)}</span><span class="origin">{word(origin)}</span>'
    return f'<div class="card-head">{said}</div>'


@lru_cache(maxsize=16)
def badge(verdict: str) -> Markup:
    """The verdict as a label."""
    return markup(f'<span class="badge {verdict}"><span class="sign" aria-hidden="true"></span>{word(verdict)}</span>')


def facts(check: CheckView) -> dict[str, Any]:
    """What else there is to say of a relation, by the names that cards.js knows; what is empty is left out.

    `bounds` are the exact ends of what is stated and of what is computed (low, high, low, high; empty where unbounded);
    numbers are text, as they stand in the published file. What is said in several tongues is a list of TONGUES.
    """
    found: dict[str, Any] = {}
    bounds = [check.stated_low, check.stated_high, check.computed_low, check.computed_high]
    if any(bounds[:2]) and any(bounds[2:]) and len(set(bounds)) > 1:
        found["bounds"] = bounds
    if check.verdict == "broken":
        if check.gap_ulp:
            found["gap"] = check.gap_ulp
        if check.fits:
            found["fits"] = visible(check.fits)
    if check.cue:
        found["cue"] = visible(check.cue)
    if check.reason and check.message and check.reason != check.message:  # why, where that is not the message itself
        found["why"] = in_tongues(check.reason_zh or in_chinese(check.reason), check.reason)
    if check.scope_doubt and check.scope_doubt != check.reason:
        found["doubt"] = _doubt(check.scope_doubt)
    if check.flags:
        found["flags"] = visible(check.flags)
    if check.acknowledgement:
        found["acknowledged"] = visible(check.acknowledgement)
    return found


@lru_cache(maxsize=256)
def _doubt(doubt: str) -> list[str]:
    """A doubt in each tongue; there are few, and many relations share one."""
    return in_tongues(in_chinese(doubt), doubt)


def facts_beside(check: CheckView, report_id: str) -> dict[str, Any]:
    """The same for the page of `report_id`: its members, and by which rule it was found."""
    found = facts(check)
    if check.rule:
        found["rule"] = visible(check.rule)
    found["members"] = [_member(member, report_id) for member in check.members]
    return found


def _member(member: MemberView, report_id: str) -> list[Any]:
    """One figure of a relation: role, start, quote, what it is of, weight; its report and page where it is another."""
    about = visible(member.indicator_text) if member.indicator_text else ""
    told: list[Any] = [member.role, member.start, visible(member.quote), about, member.weight]
    if member.report_id != report_id:
        told += [visible(member.report_id), page_link(member.report_id, f"f{member.start}", base="")]
    return told


def message_of(check: CheckView) -> Markup:
    """The arithmetic of a relation, or why it could not be told, in the tongue of the interface."""
    english = check.message or check.reason
    chinese = (check.message_zh or check.reason_zh) if check.message else check.reason_zh
    return said(chinese or in_chinese(english), english)
