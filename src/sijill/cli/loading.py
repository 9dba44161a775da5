"""Imports the functions of commands when they are called."""

import gc
from collections.abc import Callable
from importlib import import_module
from typing import Any


def load(module: str, name: str) -> Any:
    """Return an object of a module of this package."""
    # Modules live as long as the process: no search for garbage finds any in them.
    gc.disable()
    loaded = getattr(import_module(f"sijill.cli.{module}"), name)
    gc.freeze()
    gc.enable()
    return loaded


def late(module: str, name: str) -> Callable[..., Any]:
    """Return a function that imports the named one when it is called, and calls it."""

    def call(*args: Any, **given: Any) -> Any:
        return load(module, name)(*args, **given)

    return call
