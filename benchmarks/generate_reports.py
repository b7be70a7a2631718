"""Writes plausible bulletins, any number of them, for measuring: series of days by invented publishers.

usage: python benchmarks/generate_reports.py FOLDER [COUNT]

Each is about 5 KB of UTF-8 with 90 to 100 numerals, which is between a work report (160 bytes a numeral) and an
epidemic bulletin (35): cases of the day and so far, districts, resumption of work, donations, farming, prices.
The sums agree, but for one slip in a hundred reports (a digit of one total), so that the audit has something to find.
The same count gives the same bytes. A folder `sources.csv` names each publisher as a source of its own.
"""

import csv
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

DAYS = 50
_NAMES = "青澜|云栖|石桥|江源|白鹭|松原岭|柳泉|海宁湾|金谷|望川|鹤鸣|临溪|宁远洲|安澜|北屏|东篱"
_DISTRICTS = "东港区|西岭区|南浦县|北川县|中洲区"
_OPENED = "规模以上工业企业|规模以下工业企业|省重点项目|商贸流通企业"
_PROSE = (
    "各级各部门认真落实防控责任，坚持早发现、早报告、早隔离、早治疗，及时排查处置风险人员，确保不漏一户、不漏一人。",
    "工作人员深入社区和村居，宣传防护知识，帮助居民代购生活物资，受到群众广泛好评，许多志愿者主动报名参加值守。",
    "有关部门提醒市民，外出时请佩戴口罩，保持安全距离，勤洗手、常通风，如有发热、咳嗽等症状请及时到医院就诊。",
    "企业负责人表示，将严格执行消毒、测温和错峰就餐等措施，在保障员工健康的前提下，尽快恢复正常生产经营秩序。",
    "农业技术人员来到田间地头，指导农户抢抓农时，做好育秧、施肥和病虫害防治，为全年粮食丰收打下坚实基础。",
    "市场监管人员加强巡查，严厉打击哄抬物价、囤积居奇等行为，目前市场供应充足，价格总体平稳，秩序良好。",
)
_START = date(2022, 3, 1)


def reports(count: int) -> Iterator[tuple[str, str, str, str]]:
    """(publisher id, place, file name, text) of `count` bulletins, publisher after publisher, day after day."""
    names = _NAMES.split("|")
    for publisher in range((count + DAYS - 1) // DAYS):
        random_ = random.Random(publisher)  # noqa: S311 - figures for measuring, not secrets
        place = f"{names[publisher % len(names)]}{publisher // len(names) or ''}市"
        totals = {"cases": random_.randint(300, 900), "cured": 120, "deaths": 2, "batches": 20, "given": 9000}
        for day in range(min(DAYS, count - publisher * DAYS)):
            told = _START + timedelta(days=day)
            slip = random_.random() < 0.01
            yield f"p{publisher:05d}", place, f"{told:%Y-%m-%d}.md", _bulletin(random_, place, told, totals, slip)


def _bulletin(random_: random.Random, place: str, told: date, totals: dict[str, int], slip: bool) -> str:
    of_day = told - timedelta(days=1)
    day = f"{of_day.month}月{of_day.day}日"
    parts = [random_.randint(0, 30) for _ in _DISTRICTS.split("|")]
    abroad, cured = random_.randint(0, 6), random_.randint(0, 20)
    new = sum(parts) + abroad
    totals["cases"] += new
    totals["cured"] += cured
    active = totals["cases"] - totals["cured"] - totals["deaths"]
    printed = totals["cases"] + (9 if slip else 0)
    districts = "，".join(f"{name}{number}例" for name, number in zip(_DISTRICTS.split("|"), parts, strict=True))
    lines = [
        f"# {place}{day}疫情和复工情况通报",
        f"{of_day.year}年{day}0—24时，{place}新增确诊病例{new}例，其中本土病例{sum(parts)}例，境外输入病例{abroad}例。"
        f"本土病例中，{districts}。新增治愈出院{cured}例，无新增死亡病例。",
        f"截至{day}24时，全市累计报告确诊病例{printed}例，累计治愈出院{totals['cured']}例，"
        f"累计死亡{totals['deaths']}例，现有确诊病例{active}例。",
        "## 复工复产",
    ]
    for kind in _OPENED.split("|"):
        whole = random_.randint(40, 900)
        back = random_.randint(whole // 2, whole)
        lines.append(
            f"截至{day}，全市{whole}家{kind}中，已复工{back}家，复工率为{100 * back / whole:.1f}%；"
            f"返岗员工{random_.randint(2, 90) / 10}万人，日产口罩{random_.randint(5, 60)}万个，"
            f"当日用电量{random_.randint(100, 900)}万千瓦时，比上年同期增长{random_.randint(1, 90) / 10}%。"
        )
    lines.append("## 网格管理与捐赠")
    grids = [random_.randint(10, 4000) for _ in range(4)]
    totals["batches"] += random_.randint(0, 9)
    totals["given"] += random_.randint(0, 900)
    lines.append(
        f"全市共有大网格{grids[0]}个、中网格{grids[1]}个、小网格{grids[2]}个、微网格{grids[3]}个，合计{sum(grids)}个网格。"
        f"下沉党员{random_.randint(1000, 20000)}名，设立临时党支部{random_.randint(100, 3000)}个。"
        f"累计收到捐款捐物{totals['batches']}批，金额共{totals['given'] / 10}万元。"
    )
    lines.append("## 农业与市场")
    for crop in ("早稻", "玉米", "蔬菜"):
        lines.append(
            f"{crop}计划种植面积{random_.randint(100, 3000) / 100}万亩，已完成{random_.randint(1000, 90000)}亩，"
            f"备足种子{random_.randint(1000, 5000) / 100}万公斤、化肥{random_.randint(100, 900) / 100}万吨。"
            f"农技培训{random_.randint(2, 40)}期，{random_.randint(100, 3000)}人次参加。"
        )
    for good in ("猪肉", "大米", "鸡蛋", "鲜奶"):
        now, before = random_.randint(500, 6000), random_.randint(500, 6000)
        told_change = "上涨" if now > before else "下降"
        change = abs(now - before) * 100 / before
        lines.append(
            f"{day}，全市农贸市场{good}平均价格每公斤{now / 100}元，"
            f"上月同期为{before / 100}元，{told_change}{change:.1f}%。"
        )
    for place_of, sentence in enumerate(random_.sample(_PROSE * 3, 15)):
        lines.insert(2 + 2 * place_of, sentence)
    return "\n\n".join(lines) + "\n"


def write_reports(folder: Path, count: int) -> int:
    """Write them under `folder`, one folder a publisher, with their `sources.csv`. Returns the bytes written."""
    sources: dict[str, str] = {}
    written = 0
    for publisher, place, name, text in reports(count):
        of_publisher = folder / "reports" / publisher
        of_publisher.mkdir(parents=True, exist_ok=True)
        written += (of_publisher / name).write_bytes(text.encode())
        sources[publisher] = place
    with (folder / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", "kind", "location", "publisher", "place", "language", "schedule", "enabled"])
        for publisher, place in sources.items():
            glob = f"reports/{publisher}/*.md"
            rows.writerow([publisher, "folder", glob, f"{place}卫生健康委员会", place, "zh-Hans", "", "true"])
    return written


if __name__ == "__main__":
    print(write_reports(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000), "bytes")
