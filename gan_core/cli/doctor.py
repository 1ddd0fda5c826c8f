"""`doctor`: what the doctor says of a run, with its numbers, cause and remedy; or of this machine."""

from __future__ import annotations

from pathlib import Path

from gan_core.cli.common import add_json, command, lab_of, note, print_json
from gan_core.errors import ConfigError


def add(commands) -> None:
    """Declare the command."""
    parser = command(commands, "doctor", _doctor, "Say what is wrong with a run, and what to do.")
    parser.add_argument("run_id", metavar="RUN", nargs="?", help="a run id, see `runs`")
    parser.add_argument(
        "--system",
        action="store_true",
        help="instead of a run: versions, processor, oneDNN and folders, for a report of a problem",
    )
    parser.add_argument("--history", action="store_true", help="also list the verdicts so far")
    add_json(parser)


def _doctor(args) -> None:
    if args.system == (args.run_id is not None):
        raise ConfigError("`doctor` needs a run, or `--system`; not both.")
    if args.system:
        _system(args)
    else:
        _run(args)


def _system(args) -> None:
    from gan_core import data
    from gan_core.doctor import system
    from gan_core.runs.store import default_runs_dir

    runs_dir = Path(args.runs_dir) if args.runs_dir else default_runs_dir()
    data_dir = Path(args.data_dir) if args.data_dir else data.default_data_dir()
    found = system.facts(runs_dir, data_dir)  # no Lab: looking makes no folder
    if args.json:
        print_json(found)
        return
    for heading, values in found.items():
        print(heading)
        for name, value in values.items():
            print(f"  {name}: {value}")


def _run(args) -> None:
    from gan_core.doctor.record import logged

    lab = lab_of(args)
    report = lab.verdict(args.run_id)
    history = logged(lab.store.get(args.run_id))
    if args.json:
        print_json(report.as_dict() | ({"history": history} if args.history else {}))
        return
    for line in describe(report):
        print(line)
    if args.history:
        for event in history:
            print(f"step {event['step']:,}: {event['word']}. {event['text']}")


def describe(report) -> list[str]:
    """A report in lines."""
    numbers = ", ".join(f"{label} {value}" for label, value in report.numbers)
    lines = [f"{report.word} (since step {report.verdict.since:,}). {report.sentence}"]
    lines += [numbers] if numbers else []
    lines += ["", report.cause]
    if report.remedy is not None:
        lines += ["", f"Try: {report.remedy.label}"]
        lines += [f"     {report.command}"] if report.command else []
    elif report.tried:
        lines += ["", "What the doctor knows was tried in this family of runs."]
    if report.limits:
        lines += ["", "Limits:", *(f"  {line}" for line in report.limits)]
    return lines


def print_verdict(verdict, doctor) -> None:
    """One line on stderr when a verdict changes while a run trains."""
    from gan_core.doctor.words import numbers, sentence

    evidence = doctor.evidence()
    said = (verdict.name, evidence, verdict.rule)
    facts = ", ".join(f"{label} {value}" for label, value in numbers(*said))
    tail = f" ({facts})" if facts else ""
    mark = ":" if verdict.name == "unsure" else "."
    text = f"{doctor.rules.words[verdict.name].word}{mark} {sentence(*said)}{tail}"
    note(f"\nstep {verdict.step:,}: {text}")
