"""`luaunn export`: writes a ModuleScript that is one network."""

import argparse
from functools import partial
from pathlib import Path

from codegen.commands.usage import Commands, UsageError, add_network, check_output, read_network, write
from codegen.export.limits import Precision
from codegen.export.module import InferenceModule, inference_module
from codegen.export.precision import ExportError
from codegen.roblox.files import Instance, roblox_xml
from codegen.roblox.properties import PropertyError, stored_property

SCRIPT, MODEL = ".luau", ".rbxmx"


def add(commands: Commands) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "export",
        help="write a network as a ModuleScript of its own",
        description="Writes a ModuleScript that is this network and nothing else: it needs no library, and runs "
        "several times as fast. What require returns of it is called with an array of inputs, and returns one of "
        "outputs.",
    )
    add_network(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help=f"where to write it: {SCRIPT}")
    parser.add_argument(
        "--precision",
        choices=[each.value for each in Precision],
        default=Precision.F64.value,
        help="how exactly it holds weights and biases: double precision (default), with the same outputs as the "
        "library to the last bit, or single, for a shorter script, and large networks that are faster where "
        "Luau is interpreted",
    )
    parser.add_argument(
        "--rbxmx", action="store_true", help=f"write a Roblox model {MODEL} beside it, to be dragged into Studio"
    )
    parser.set_defaults(run=_export)


def _export(given: argparse.Namespace) -> None:
    network = read_network(given.network)
    path: Path = given.output
    check_output(path, [SCRIPT])
    try:
        module = inference_module(network, Precision(given.precision), path.stem)
        model = roblox_xml(_model(path.stem, module)) if given.rbxmx else None
    except (ExportError, PropertyError) as error:
        raise UsageError(str(error)) from error
    write(path, partial(_write_text, module.source))
    if model is not None:
        write(path.with_suffix(MODEL), partial(_write_text, model))
    print(
        f"{len(module.source):,} characters, {module.parameters:,} weights and biases, "
        f"{module.multiply_adds:,} multiply-adds"
    )
    interpreted, native = (_duration(seconds) for seconds in module.seconds)
    print(f"about {interpreted} a call where Luau is interpreted, {native} where it is compiled to native code")


def _model(name: str, module: InferenceModule) -> Instance:
    return Instance("ModuleScript", name, (stored_property("ModuleScript", "Source", module.source),))


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _duration(seconds: float) -> str:
    """A duration with two digits."""
    return f"{float(f'{seconds * 1e6:.2g}'):g} µs"
