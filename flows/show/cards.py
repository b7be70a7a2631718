"""A relation as a card: on the page of its report, in the copy that is mailed, and its facts among the findings.

Written out here and not in a template: of a dense report these are most of the page, and what two of them share is
made once.
"""

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup, escape

from flows.show.charts import number_line
from flows.show.marking import markup, visible
from flows.show.names import page_link
from flows.show.tongues import in_chinese, number, said, word, words
from flows.show.views import CheckView, MemberView


def card(numbered: tuple[int, CheckView], report_id: str) -> Markup:
    """A relation with its number, as it stands on the page of `report_id`."""
    at, check = numbered
    name = _safe(check.check_id)
    copy_link = _safe(words()["copy_link"]["hant"])
    members = "".join([_member(member, report_id) for member in check.members])
    rule = f'<p class="rule">{word("rule")} <code>{_shown(check.rule)}</code></p>' if check.rule else ""
    return markup(
        f'<section class="check {check.verdict}" id="c-{name}" data-check="{at}" tabindex="-1">\n'
        f'<div class="card-head">{badge(check.verdict)}<span class="kind">{word(check.kind)}</span>'
        f'<span class="origin">{word(check.origin)}</span>'
        f'<a class="permalink" href="#c-{name}" title="{name}" aria-label="# {copy_link}">#</a></div>\n'
        f'<p class="arithmetic">{message_of(check)}</p>\n{number_line(check)}\n'
        f'<ul class="members">\n{members}</ul>\n{facts(check)}\n{rule}</section>\n'
    )


def mailed_card(check: CheckView, report_id: str) -> Markup:
    """A relation in a file that stands by itself: links lead to marks of the same file only."""
    kind = said(words().get(check.kind, {}).get("hant", check.kind), check.kind.replace("_", " "))
    quotes = ", ".join(
        [
            f'<a href="#f{member.start}">{_shown(member.quote)}</a>'
            if member.report_id == report_id
            else f"{_shown(member.quote)} ({_shown(member.report_id)})"
            for member in check.members
        ]
    )
    return markup(
        f'<section class="check {check.verdict}" id="c-{_safe(check.check_id)}">\n'
        f'<div class="card-head">{badge(check.verdict)}<span class="kind">{kind}</span></div>\n'
        f'<p class="arithmetic">{message_of(check)}</p>\n{number_line(check)}\n'
        f'<p class="quotes">{quotes}</p>\n{facts(check)}\n</section>\n'
    )


def _member(member: MemberView, report_id: str) -> str:
    """One figure of a relation, in its part."""
    quote = _shown(member.quote)
    if member.report_id == report_id:
        link = f'<a href="#f{member.start}">{quote}</a>'
    else:
        away = page_link(member.report_id, f"f{member.start}", base="")
        link = f'<a class="away" href="{_safe(away)}" title="{_shown(member.report_id)}">{quote} ↗</a>'
    weight = f' <span class="weight">× {_safe(member.weight)}</span>' if member.weight != "1" else ""
    about = f' <span class="about">{_shown(member.indicator_text)}</span>' if member.indicator_text else ""
    return f'<li class="{member.role}">{word(member.role, "small")} {link}{weight}{about}</li>\n'


@lru_cache(maxsize=16)
def badge(verdict: str) -> Markup:
    """The verdict as a label."""
    return markup(f'<span class="badge {verdict}"><span class="sign" aria-hidden="true"></span>{word(verdict)}</span>')


def facts(check: CheckView) -> Markup:
    """What else there is to say of a relation."""
    return _once(check, "facts", _facts)


def _facts(check: CheckView) -> Markup:
    parts = []
    if check.verdict == "broken":
        if check.gap_ulp:
            gap = number(check.gap_ulp, "fct_checks.gap_ulp_exact", check.check_id)
            parts.append(f'<div class="gap">{word("gap", "dt")}<dd>{gap}</dd></div>')
        if check.fits:
            parts.append(f'<div class="fits">{word("fits", "dt")}<dd>{_shown(check.fits)}</dd></div>')
    doubt = check.scope_doubt if check.scope_doubt != check.reason else ""
    for key, value in (
        ("cue", _shown(check.cue)),
        ("why", _reason_of(check)),
        ("doubt", said(in_chinese(doubt), doubt) if doubt else ""),
        ("flags", _shown(check.flags)),
        ("acknowledged", _shown(check.acknowledgement)),
    ):
        if value:
            parts.append(f"<div>{word(key, 'dt')}<dd>{value}</dd></div>")
    return markup('<dl class="facts">\n' + "\n".join(parts) + "\n</dl>")


def message_of(check: CheckView) -> Markup:
    """The arithmetic of a relation, or why it could not be told, in the tongue of the interface."""
    return _once(check, "message", _message)


def _message(check: CheckView) -> Markup:
    english = check.message or check.reason
    chinese = (check.message_zh or check.reason_zh) if check.message else check.reason_zh
    return said(chinese or in_chinese(english), english)


def _reason_of(check: CheckView) -> Markup:
    """Why a verdict is as it is, where that is not the message itself."""
    if not check.reason or check.reason == check.message or not check.message:
        return Markup("")
    return said(check.reason_zh or in_chinese(check.reason), check.reason)


def _once(check: CheckView, name: str, make: Callable[[CheckView], Markup]) -> Markup:
    """What was made of the relation already, for another page or the mailed copy; or what is made of it now."""
    drawn = check.drawn.get(name)
    if drawn is None:
        drawn = check.drawn[name] = make(check)
    return drawn


@lru_cache(maxsize=16_384)
def _safe(text: str) -> str:
    return str(escape(text))


@lru_cache(maxsize=16_384)
def _shown(text: str) -> str:
    """Escaped, hidden characters written out."""
    return str(escape(visible(text)))
