"""The command: `python -m benchmarks`, or `make bench`. A missed aim is said, never an error."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import (
    against,
    comparison,
    console,
    mirror,
    sandbox,
    scale,
    search,
    throughput,
    webhooks,
    writes,
)
from benchmarks.cores import load_core, pin, server_core
from benchmarks.machine import describe
from benchmarks.options import parse
from benchmarks.report import aims, aims_text, save, save_comparison, table
from benchmarks.rounds import Plan
from benchmarks.trees import HERE, checkout

FULL = Plan(rounds=5, seconds=4)
QUICK = Plan(rounds=3, seconds=1)


def main() -> None:
    """Measure, and print the result; the exit code is 1 if this tree is the slower one."""
    options = parse()
    pin(load_core())  # everything that is started from here shares it, but the servers
    plan = QUICK if options.quick else FULL
    plan = plan._replace(rounds=options.rounds or plan.rounds)
    with tempfile.TemporaryDirectory(prefix="sijill-bench-") as name:
        if options.writes:
            print(f"\n{writes.text(writes.run(plan, Path(name)))}\n")
        elif options.webhooks:
            print(f"\n{webhooks.text(webhooks.run(plan, Path(name)))}\n")
        elif options.sandbox:
            about = describe()
            print(f"\n{sandbox.text(quick=options.quick)}\n")
            print(f"{table(sandbox.reads(plan, Path(name)))}\n")
            _show(about, plan)
        elif options.console:
            about = describe()
            print(f"\n{console.text(console.run(Path(name), quick=options.quick))}\n")
            _show(about, plan)
        elif options.mirror:
            about, results = describe(), mirror.run(plan, Path(name))
            print(f"\n{table(results)}\n\n{aims_text(aims(results))}\n")
            _show(about, plan)
        elif options.against:
            sys.exit(_compare(options, plan, Path(name)))
        else:
            _measure(options, plan, Path(name))


def _measure(options: argparse.Namespace, plan: Plan, folder: Path) -> None:
    about = describe()
    results = [] if options.scale else throughput.run(plan, folder)
    if not options.quick or options.scale:
        results += scale.run(plan, folder) + search.run(plan, folder)
        about["making"] = f"1,000,000 customers were made in {scale.making():.0f} s"
    print(f"\n{table(results)}\n\n{aims_text(aims(results))}\n")
    _show(about, plan)
    if options.json:
        save(options.json, about, results)


def _compare(options: argparse.Namespace, plan: Plan, folder: Path) -> int:
    """Return the exit code."""
    about, base = describe(), checkout(options.against)
    for name, tree in (("base", base), ("new", HERE)):
        about[name] = f"{tree.root}, {tree.commit()}"
    sizes = against.QUICK if options.quick else against.FULL
    verdicts, unmeasured = against.run(base, plan, sizes, folder)
    print(f"\n{comparison.table(verdicts)}\n")
    for title, reason in unmeasured.items():
        print(f"NOT MEASURED  {title}: {reason}\n")
    _show(about, plan)
    if options.json:
        save_comparison(options.json, about, verdicts)
    return comparison.exit_code(verdicts)


def _show(about: Mapping[str, str], plan: Plan) -> None:
    shared = " (the same core: the ratios mean little)" * (load_core() == server_core())
    print(f"{'rounds':<10}medians of {plan.rounds} rounds of {plan.seconds} s, in turns")
    print(f"{'cores':<10}server {server_core()}, all else {load_core()}{shared}")
    for name, text in about.items():
        print(f"{name:<10}{text}")


if __name__ == "__main__":
    main()
