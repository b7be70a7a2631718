with versions as (

    select * from {{ ref('int_bulletin_versions') }}

),

-- consecutive versions of one bulletin; a page that shows another day's bulletin is no new version of it
pairs as (

    select
        newer.report_id,
        newer.version_number as version,
        older.report_id as superseded_report_id,
        reports.uri
    from versions as newer
    inner join versions as older
        on newer.bulletin_id = older.bulletin_id and newer.version_number = older.version_number + 1
    inner join {{ ref('dim_report') }} as reports on newer.report_id = reports.report_id

),

figures as (

    select
        report_id,
        figure_id,
        quote,
        value,
        unit,
        indicator_text,
        indicator,
        entity,
        modifiers,
        -- figures of one version that say the same of the same thing are told apart by their order
        row_number() over (
            partition by report_id, indicator, indicator_text, entity, modifiers, unit, as_of_on, value
            order by start_offset
        ) as same_rank,
        as_of_on,
        start_offset
    from {{ ref('fct_figures') }}
    where
        is_figure
        and (
            report_id in (select pairs.report_id from pairs)
            or report_id in (select pairs.superseded_report_id from pairs)
        )

),

-- what both versions say, in whatever place, is no change
only_before as (

    select
        pairs.*,
        {{ all_but('figures', 'report_id') }},
        row_number() over (
            partition by
                pairs.report_id,
                figures.indicator,
                figures.indicator_text,
                figures.entity,
                figures.modifiers,
                figures.unit
            order by figures.start_offset
        ) as rank_of_what_differs
    from pairs
    inner join figures on pairs.superseded_report_id = figures.report_id
    left join figures as after_it
        on
            pairs.report_id = after_it.report_id
            and figures.indicator is not distinct from after_it.indicator
            and figures.indicator_text is not distinct from after_it.indicator_text
            and figures.entity is not distinct from after_it.entity
            and figures.modifiers is not distinct from after_it.modifiers
            and figures.unit is not distinct from after_it.unit
            and figures.as_of_on is not distinct from after_it.as_of_on
            and figures.value is not distinct from after_it.value
            and figures.same_rank = after_it.same_rank
    where after_it.figure_id is null

),

only_after as (

    select
        pairs.*,
        {{ all_but('figures', 'report_id') }},
        row_number() over (
            partition by
                pairs.report_id,
                figures.indicator,
                figures.indicator_text,
                figures.entity,
                figures.modifiers,
                figures.unit
            order by figures.start_offset
        ) as rank_of_what_differs
    from pairs
    inner join figures on pairs.report_id = figures.report_id
    left join figures as before_it
        on
            pairs.superseded_report_id = before_it.report_id
            and figures.indicator is not distinct from before_it.indicator
            and figures.indicator_text is not distinct from before_it.indicator_text
            and figures.entity is not distinct from before_it.entity
            and figures.modifiers is not distinct from before_it.modifiers
            and figures.unit is not distinct from before_it.unit
            and figures.as_of_on is not distinct from before_it.as_of_on
            and figures.value is not distinct from before_it.value
            and figures.same_rank = before_it.same_rank
    where before_it.figure_id is null

)

select
    {{ surrogate_key([
        'only_before.figure_id', 'only_after.figure_id', 'only_before.report_id', 'only_after.report_id',
    ]) }} as version_change_id,
    coalesce(only_after.report_id, only_before.report_id) as report_id,
    coalesce(only_after.superseded_report_id, only_before.superseded_report_id) as superseded_report_id,
    coalesce(only_after.version, only_before.version) as version,
    coalesce(only_after.uri, only_before.uri) as uri,
    case
        when only_before.figure_id is null then 'added'
        when only_after.figure_id is null then 'removed'
        else 'changed'
    end as change,
    coalesce(only_after.indicator, only_before.indicator) as indicator,
    coalesce(only_after.indicator_text, only_before.indicator_text) as indicator_text,
    only_before.figure_id as figure_id_before,
    only_after.figure_id as figure_id_after,
    only_before.quote as quote_before,
    only_after.quote as quote_after,
    only_before.value as value_before,
    only_after.value as value_after,
    coalesce(only_after.unit, only_before.unit) as unit,
    only_after.value - only_before.value as difference
from only_before
full outer join only_after
    on
        only_before.report_id = only_after.report_id
        and only_before.indicator is not distinct from only_after.indicator
        and only_before.indicator_text is not distinct from only_after.indicator_text
        and only_before.entity is not distinct from only_after.entity
        and only_before.modifiers is not distinct from only_after.modifiers
        and only_before.unit is not distinct from only_after.unit
        and only_before.rank_of_what_differs = only_after.rank_of_what_differs
order by report_id, coalesce(only_after.start_offset, only_before.start_offset)
