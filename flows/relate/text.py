"""A report's own words to claims: each family of relations in turn, the most particular first."""

from collections.abc import Sequence

from flows.record import Claim, Document, Figure
from flows.relate.accounts import relate_accounts
from flows.relate.agreement import relate_agreement
from flows.relate.all_shares import relate_all_shares
from flows.relate.averages import relate_averages
from flows.relate.changes import relate_changes
from flows.relate.complement import relate_complement
from flows.relate.contributions import relate_contributions
from flows.relate.cumulatives import relate_cumulatives
from flows.relate.dates import relate_dates
from flows.relate.differences import relate_differences
from flows.relate.equations import relate_equations
from flows.relate.fitting import relate_fitting
from flows.relate.growths import relate_growths
from flows.relate.named_amounts import relate_named_amounts
from flows.relate.named_differences import relate_named_difference
from flows.relate.named_parts import relate_named_parts
from flows.relate.named_ratios import relate_named_ratios
from flows.relate.named_sums import relate_named_sums
from flows.relate.open_lists import relate_open_lists
from flows.relate.parted import relate_parted
from flows.relate.parts import relate_nouns, relate_parts
from flows.relate.priced import relate_priced
from flows.relate.rates import relate_rates
from flows.relate.reading import Passage, Reading
from flows.relate.repeats import relate_repeats
from flows.relate.shares import relate_shares
from flows.relate.spans import relate_spans
from flows.relate.stated import relate_stated
from flows.relate.stocks import relate_sections, relate_stocks
from flows.relate.structure import relate_structure
from flows.relate.sums import relate_sums
from flows.relate.tables import is_row, relate_tables

#: A sentence of more figures is a list without end marks or no prose at all: which of them belong together no words
#: say, and every figure would be tried with every other.
MOST_FIGURES = 500


def relate_text(doc: Document, figures: Sequence[Figure], report_id: str) -> list[Claim]:
    """What the text says of its own figures, as claims with the words that say so.

    `figures` are all numerals of `doc` in order, placed or not; non-figures other than dates are passed over.
    No two claims have the same members.
    """
    reading = Reading(doc, figures, report_id)
    relate_tables(reading)
    prose: list[Passage] = []
    for passage in reading.passages:
        if is_row(passage):
            continue
        if len(passage.items) > MOST_FIGURES:
            continue
        prose.append(passage)
        relate_accounts(passage)
        relate_named_amounts(passage)
        if len(passage.items) > 1:
            relate_stocks(passage)
            relate_nouns(passage)
            relate_named_ratios(passage)
            relate_changes(passage)
            relate_differences(passage)
            relate_averages(passage)
            relate_priced(passage)
            relate_open_lists(passage)
            relate_sums(passage)
            relate_spans(passage)
            relate_parted(passage)
            relate_named_sums(passage)
            relate_structure(passage)
            relate_parts(passage)
        else:
            relate_named_difference(passage)
        relate_named_parts(passage)
        relate_contributions(passage)
        relate_shares(passage)
        relate_complement(passage)
        relate_agreement(passage, reading.results)
    relate_sections(reading)
    relate_repeats(reading)
    relate_dates(reading)
    relate_equations(reading, prose)
    relate_rates(reading, prose)
    relate_growths(reading, prose)
    relate_all_shares(reading, prose)
    relate_fitting(reading, prose)
    relate_stated(reading, prose)
    relate_cumulatives(reading, prose)
    return reading.claims
