{{ config(materialized='incremental', incremental_strategy='by_publisher', on_schema_change='fail') }}

with statements as (

    select * from {{ to_redo(ref('fct_observations_current')) }}

),

observations as (

    select * from statements
    where entity is null

),

-- what a declared share is of: identities.csv
shares as (

    select
        result_indicator as indicator,
        {{ element_of(words('operand_indicators'), 1) }} as numerator_indicator,
        {{ element_of(words('operand_indicators'), 2) }} as denominator_indicator
    from {{ ref('stg_gongbao__identities') }}
    where kind = 'share'

),

-- the shares of the catalogue in gross domestic product
shares_of_product as (

    select
        share.indicator,
        part.indicator as numerator_indicator,
        'national_accounts.gdp' as denominator_indicator
    from {{ ref('stg_vocabulary__indicators') }} as share
    inner join {{ ref('stg_vocabulary__indicators') }} as part on share.indicator = part.indicator || '_share'
    where share.subject = 'national_accounts'

),

all_shares as (

    select * from shares
    union all
    select * from shares_of_product

),

rates as (

    select
        stated.*,
        'share' as recomputed_as,
        part.observation_id as numerator_observation_id,
        whole.observation_id as denominator_observation_id,
        {{ rate_percent('part.value', 'whole.value') }} as recomputed_percent
    from observations as stated
    inner join all_shares on stated.indicator = all_shares.indicator
    left join observations as part
        on
            all_shares.numerator_indicator = part.indicator
            and {{ same_occasion('stated', 'part') }}
    left join observations as whole
        on
            all_shares.denominator_indicator = whole.indicator
            and {{ same_occasion('stated', 'whole') }}
    union all
    select
        stated.*,
        'growth' as recomputed_as,
        level.observation_id as numerator_observation_id,
        level_before.observation_id as denominator_observation_id,
        {{ rate_percent('level.value - level_before.value', 'level_before.value') }} as recomputed_percent
    from observations as stated
    left join observations as level
        on
            stated.indicator = level.indicator || '_growth'
            and {{ same_occasion('stated', 'level') }}
    left join observations as level_before
        on
            level.indicator = level_before.indicator
            and level.publisher_id = level_before.publisher_id
            and coalesce(level.place_code, '') = coalesce(level_before.place_code, '')
            and coalesce(level.modifiers, '') = coalesce(level_before.modifiers, '')
            and level_before.valid_from = {{ year_before('level.valid_from') }}
            and level_before.valid_to = {{ year_before('level.valid_to') }}
    where right(stated.indicator, 7) = '_growth'

),

-- of several parts that would fit, the first
ranked as (

    select
        rates.*,
        row_number() over (
            partition by thing_id
            order by recomputed_percent nulls last, numerator_observation_id, denominator_observation_id
        ) as fit_rank
    from rates

)

select
    thing_id,
    observation_id,
    report_id,
    publisher_id,
    published_on,
    subject,
    indicator,
    place_code,
    valid_from,
    valid_to,
    recomputed_as,
    value as stated_percent,
    low as stated_low_percent,
    high as stated_high_percent,
    recomputed_percent,
    value - recomputed_percent as difference_points,
    recomputed_percent between low and high as does_agree,
    numerator_observation_id,
    denominator_observation_id
from ranked
where fit_rank = 1
order by indicator, place_code, valid_from, publisher_id
