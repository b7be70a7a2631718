"""Great Expectations, imported without what only expectations that we never ask of it would use."""

import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

#: Statistical tests and their charts: two of the four seconds that the import takes. They are loaded all the same, when
#: something of theirs is asked for.
_SELDOM = frozenset({"scipy.stats", "altair"})


class _Unloaded(ModuleType):
    """A module that is loaded when something is asked of it that is not there before: importlib's own lazy module is
    loaded by whoever walks all modules for their files, as dbt does."""

    def __getattr__(self, name: str) -> Any:
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__loader__.exec_module(self)  # type: ignore[union-attr]
        return getattr(self, name)


class _Later(Loader):
    """Leaves a module unloaded, with the loader that Python would have used."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__class__ = _Unloaded


class _WhenAskedFor(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in _SELDOM else None
        if spec is not None and spec.loader is not None:
            spec.loader = _Later(spec.loader)
        return spec


@lru_cache(maxsize=1)
def great_expectations() -> ModuleType:
    """The library, imported once."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when it is imported
    finder = _WhenAskedFor()
    sys.meta_path.insert(0, finder)
    try:
        import great_expectations
    finally:
        sys.meta_path.remove(finder)
    return great_expectations  # type: ignore[no-any-return]
