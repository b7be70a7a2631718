{#-
Exact numbers are decimal(38, 12). A product that does not fit is null: its figure keeps quote and value.
-#}

{#- `value` in base units, where one unit is numerator / denominator of them: 253100 畝 -> 168733333.333333333333 平方米. -#}
{% macro in_base_units(value, numerator, denominator) -%}
    {{ return(adapter.dispatch('in_base_units', 'gongbao')(value, numerator, denominator)) }}
{%- endmacro %}

{#- Spark (with allowPrecisionLoss off) keeps 12 places in a product, but rounds a quotient twice: whole numbers here too. -#}
{% macro default__in_base_units(value, numerator, denominator) -%}
    {%- set product = "try_multiply(abs(" ~ value ~ "), cast(" ~ numerator ~ " as decimal(19, 0)))" -%}
    {%- set by = "cast(" ~ denominator ~ " as decimal(9, 0))" -%}
    {%- set whole = "cast(floor(" ~ product ~ ") as decimal(26, 0))" -%}
    {%- set over = "cast(" ~ whole ~ " % " ~ by ~ " as decimal(9, 0))" -%}
    {%- set rest = "cast((" ~ over ~ " + cast(" ~ product ~ " - " ~ whole ~ " as decimal(12, 12))) * 1000000000000 as decimal(22, 0))" -%}
    {%- set twice = "cast(2 * " ~ rest ~ " + " ~ by ~ " as decimal(24, 0))" -%}
    {%- set double = "cast(2 * " ~ by ~ " as decimal(10, 0))" -%}
    {%- set parts = "cast((" ~ twice ~ " - " ~ twice ~ " % " ~ double ~ ") / " ~ double ~ " as decimal(13, 0))" -%}
    case when {{ value }} < 0 then -1 else 1 end * case
        when {{ denominator }} = 1 then {{ product }}
        else cast((cast({{ whole }} - {{ over }} as decimal(26, 0)) / {{ by }}) as decimal(26, 0))
            + {{ parts }} * cast(0.000000000001 as decimal(12, 12))
    end
{%- endmacro %}

{#- DuckDB divides decimals as doubles: whole part and rest go separately, as whole numbers, rounded half up. -#}
{% macro duckdb__in_base_units(value, numerator, denominator) -%}
    {%- set product = "abs(" ~ value ~ ") * " ~ numerator -%}
    {%- set whole = "cast(trunc(" ~ product ~ ") as hugeint)" -%}
    {%- set rest = "cast((" ~ whole ~ " % " ~ denominator ~ " + " ~ product ~ " - " ~ whole ~ ") * 1000000000000 as hugeint)" -%}
    case
        when {{ denominator }} = 1 then try(cast({{ value }} * {{ numerator }} as decimal(38, 12)))
        else try(
            sign({{ value }}) * (
                cast({{ whole }} // {{ denominator }} as decimal(38, 12))
                + cast((2 * {{ rest }} + {{ denominator }}) // (2 * {{ denominator }}) as decimal(26, 0))
                * cast(0.000000000001 as decimal(12, 12))
            )
        )
    end
{%- endmacro %}

{#- Text as an exact number, null where it is none or does not fit. -#}
{% macro exact_number(text) -%}
    {{ return(adapter.dispatch('exact_number', 'gongbao')(text)) }}
{%- endmacro %}

{% macro default__exact_number(text) -%}
    try_cast({{ text }} as decimal(38, 12))
{%- endmacro %}
