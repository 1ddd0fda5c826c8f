"""`branch`: a child run from a checkpoint, with some settings changed. Its id is the last line."""

from __future__ import annotations

from gan_core.cli.common import command, flags_of, lab_of, note, parse_settings
from gan_core.cli.training import WHO, advance
from gan_core.errors import ConfigError


def add(commands) -> None:
    """Declare the command."""
    text = "Make a child run that starts bit-equal to a checkpoint, with other settings."
    parser = command(commands, "branch", _branch, text)
    parser.add_argument("run_id", metavar="RUN", help="the parent, see `runs`; it stays as it is")
    parser.add_argument("--step", type=int, required=True, help="a step with a checkpoint")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        dest="settings",
        help="a setting that changes, for example g_lr=0.0005; may be repeated",
    )
    parser.add_argument(
        "--steps", type=int, help="also train the child, until this many steps in total"
    )
    parser.add_argument("--log-dir", metavar="DIR", help="also write TensorBoard events there")


def _branch(args) -> int:
    lab = lab_of(args)
    changes = parse_settings(args.settings, flags_of(args, {"steps": "num_steps"}))
    if args.steps is not None:
        _check_steps(args)
        changes |= {"num_steps": args.steps, "num_minutes": None}
    child = lab.branch(args.run_id, args.step, who=WHO, **changes)
    note(f"{child.id}: from {args.run_id} at step {args.step:,}, in {child.path}")
    if args.steps is None:
        note(f"train it with: python -m gan_core resume {child.id}")
        print(child.id)
        return 0
    return advance(lab, child.id, args)


def _check_steps(args) -> None:
    if args.steps <= args.step:
        raise ConfigError(
            f"`--steps` is the total and must be more than {args.step}, the step of the "
            f"checkpoint. Received: {args.steps}."
        )
