"""`python -m flows.cli` is `gongbao`."""

from flows.cli.entry import gongbao

gongbao()
