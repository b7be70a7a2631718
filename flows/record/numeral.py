"""Small numbers as dates write them, in digits or characters, folded."""

_DIGIT = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "两": "2"}


def small_number(text: str) -> int:
    """12, 十二, 廿八, 二〇二二, 一百一十二, 两千零五 as an integer; what is no numeral counts as nought."""
    if text.isdigit():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    large = 0
    for mark, worth in (("千", 1000), ("百", 100)):
        if mark in text:
            head, _, text = text.partition(mark)
            large += int(_DIGIT.get(head[-1:], "1")) * worth
            text = text.lstrip("零〇")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return large + int(_DIGIT.get(tens[-1:], "1")) * 10 + int(_DIGIT.get(ones[:1], "0"))
    return large + int("".join(_DIGIT.get(char, "0") for char in text) or "0")
