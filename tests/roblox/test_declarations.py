"""The declarations of Roblox: they are what its facts say today, and what Roblox lacks is told by name."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from roblox_facts import used
from roblox_facts.declarations import DECLARATIONS, Facts, roblox_declarations
from roblox_facts.fact_error import FactError
from roblox_facts.luau_types import LuauTypes
from roblox_facts.reflection import Class, Property, Reflection
from roblox_facts.typescript import TypeScript
from tests.skips import or_skip

TYPES = """
interface RBXObject {
    Same<T extends keyof Services>(this: RBXObject, className: T): this is Services[T];
}
interface Instance extends RBXObject {
    Parent: Instance | undefined;
    Copy<T extends Instance>(this: T): T;
    /** @deprecated */
    Old(this: Instance): void;
    Find(this: Instance, name: string | number, deep?: boolean): Instance | undefined;
    Find(this: Instance, name: string, seconds: number): Array<Instance>;
    Any: Known | undefined;
    Foreign(this: Instance, value: Foreign): void;
    Both(this: Instance): LuaTuple<[number, string]>;
    readonly Event: RBXScriptSignal<(time: number, ...rest: Array<unknown>) => void>;
    Run(this: Instance, task: () => void): void;
    Template: `a${string}`;
    Thing: object;
    Other<T extends keyof Elsewhere>(this: Instance, name: T): Elsewhere[T];
}
type Known = string | number | Foreign;
interface Provider<S = unknown> extends Instance {
    Get<T extends keyof S>(this: Provider<S>, className: T): S[T];
}
interface Game extends Provider<Services> {}
interface Services { First: First; Second: Second; }
interface First extends Instance {}
interface Instance { Added: number; }
interface Color { readonly R: number; }
interface ColorConstructor { new (red?: number): Color; new (): Color; from: (hex: string) => Color; }
declare const Color: ColorConstructor;
type DimConstructor = new (scale: number) => Color;
declare const Dim: DimConstructor;
declare const game: Game;
declare namespace job {
    function run<T extends Array<any>>(callback: (...args: T) => void, ...args: T): void;
}
declare function warn(...values: Array<unknown>): void;
"""
DECLARED = ("Object", "Instance", "Provider", "Game", "First", "Color")


@pytest.fixture
def typescript() -> TypeScript:
    return TypeScript([TYPES])


@pytest.fixture
def types(typescript: TypeScript) -> LuauTypes:
    return LuauTypes(typescript, DECLARED, ["Services"])


@pytest.fixture
def facts(typescript: TypeScript, types: LuauTypes) -> Facts:
    return Facts(reflection({}), typescript, types)


def luau(facts: Facts, interface: str, name: str) -> tuple[str, str]:
    found = facts.typescript.member(interface, name)
    assert found
    return found.owner, facts.types.of(found, name)


def reflection(properties: Mapping[str, Property]) -> Reflection:
    classes = {
        "Object": Class(None, {}),
        "Instance": Class("Object", properties),
        "First": Class("Instance", {"Own": Property("Float32", "ReadWrite", deprecated=False)}),
    }
    return Reflection(classes, {})


def test_the_committed_file_is_what_lune_and_rbxts_say() -> None:
    assert or_skip(roblox_declarations) == DECLARATIONS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "owner", "declared"),
    [
        ("Parent", "Instance", "Instance?"),
        ("Copy", "Instance", "<T>(self: T) -> T"),
        ("Same", "Object", "(self: Object, className: string) -> boolean"),
        (
            "Find",
            "Instance",
            (
                "\n\t\t& ((self: Instance, name: string | number, deep: boolean?) -> Instance?)"
                "\n\t\t& ((self: Instance, name: string, seconds: number) -> { Instance })"
            ),
        ),
        ("Any", "Instance", "unknown"),
        ("Run", "Instance", "(self: Instance, task: () -> ...any) -> ()"),
        ("Added", "Instance", "number"),
        ("Both", "Instance", "(self: Instance) -> (number, string)"),
        ("Event", "Instance", "RBXScriptSignal<number, ...unknown>"),
        (
            "Get",
            "Provider",
            "<T>(self: Provider, className: T & keyof<Services>) -> index<Services, T>",
        ),
    ],
)
def test_a_member_in_luau(facts: Facts, name: str, owner: str, declared: str) -> None:
    assert luau(facts, "Game", name) == (owner, declared)


@pytest.mark.parametrize(
    ("library", "function", "declared"),
    [
        ("Color", "new", "\n\t\t& ((red: number?) -> Color)\n\t\t& (() -> Color)"),
        ("Color", "from", "(hex: string) -> Color"),
        ("Dim", "new", "(scale: number) -> Color"),
        ("job", "run", "<T...>(callback: (T...) -> ...any, T...) -> ()"),
    ],
)
def test_a_library_function_in_luau(facts: Facts, library: str, function: str, declared: str) -> None:
    assert facts.types.of(facts.typescript.library_function(library, function), function) == declared


def test_globals_in_luau(typescript: TypeScript, types: LuauTypes) -> None:
    assert types.of(typescript.global_value("game"), "game") == "Game"
    assert types.of(typescript.global_value("warn"), "warn") == "(...unknown) -> ()"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Old", "Roblox advises against Old"),
        ("Foreign", "Foreign cannot be declared: it needs Foreign, which is not listed as used"),
        ("Template", r"Template cannot be declared: `.* has no counterpart in Luau"),
        ("Thing", "Thing cannot be declared: `object` has no counterpart in Luau"),
        ("Other", "it needs the table Elsewhere, which is not listed as used"),
    ],
)
def test_a_member_that_cannot_be_declared_is_refused(facts: Facts, name: str, message: str) -> None:
    with pytest.raises(FactError, match=message):
        luau(facts, "Instance", name)


@pytest.mark.parametrize(
    ("library", "function"), [("Color", "nope"), ("Dim", "from"), ("job", "stop"), ("Nope", "new")]
)
def test_a_function_that_roblox_lacks_is_told(typescript: TypeScript, library: str, function: str) -> None:
    with pytest.raises(FactError, match=rf"Roblox has no {library}\.{function}\."):
        typescript.library_function(library, function)


def test_a_global_that_roblox_lacks_is_told(typescript: TypeScript) -> None:
    with pytest.raises(FactError, match=r"Roblox has no global nope\."):
        typescript.global_value("nope")


@pytest.mark.parametrize(
    ("property_", "message"),
    [
        (Property("Float32", "ReadWrite", deprecated=True), "Roblox advises against First.Size"),
        (Property("Float32", "None", deprecated=False), "First.Size is not open to scripts: its access is None"),
        (Property("Enum.Nope", "Read", deprecated=False), "First.Size cannot be declared: it needs Enum.Nope"),
        (Property("CFrame", "Read", deprecated=False), "First.Size cannot be declared: it needs CFrame"),
    ],
)
def test_a_property_that_scripts_should_not_use_is_refused(facts: Facts, property_: Property, message: str) -> None:
    with pytest.raises(FactError, match=message):
        replace(facts, reflection=reflection({"Size": property_})).member("First", "Size")


@pytest.mark.parametrize(
    ("roblox_type", "declared"),
    [
        ("Bool", "boolean"),
        ("Int32", "number"),
        ("String", "string"),
        ("Enum.ZIndexBehavior", "EnumZIndexBehavior"),
        ("UDim2", "UDim2"),
    ],
)
def test_a_property_belongs_to_the_class_that_has_it(facts: Facts, roblox_type: str, declared: str) -> None:
    size = Property(roblox_type, "ReadWrite", deprecated=False)
    assert replace(facts, reflection=reflection({"Size": size})).member("First", "Size") == ("Instance", declared)
    assert facts.member("First", "Own") == ("First", "number")


def test_the_class_of_an_instance_in_a_property_comes_from_typescript(facts: Facts) -> None:
    parent = Property("Ref", "ReadWrite", deprecated=False)
    known = replace(facts, reflection=reflection({"Parent": parent}))
    assert known.member("First", "Parent") == ("Instance", "Instance?")


def test_a_property_that_only_typescript_still_has_is_told(facts: Facts) -> None:
    assert facts.member("First", "Run")
    assert facts.member("First", "Event")
    with pytest.raises(FactError, match=r"Roblox has no First\.Parent"):
        facts.member("First", "Parent")


def test_a_member_and_a_class_that_roblox_lacks_are_told(facts: Facts) -> None:
    with pytest.raises(FactError, match=r"Roblox has no First\.Nope: the class First neither has nor inherits"):
        facts.member("First", "Nope")
    with pytest.raises(FactError, match=r"Roblox has no class Nope\."):
        facts.member("Nope", "Name")


@pytest.mark.parametrize(
    ("listed", "entry", "message"),
    [
        ("CLASSES", {"Frame": ("Colour",)}, r"Roblox has no Frame\.Colour"),
        ("CLASSES", {"Frame": ("Transparency",)}, "Roblox advises against Frame.Transparency"),
        ("CLASSES", {"Instance": ("Remove",)}, r"Roblox has no Instance\.Remove"),
        ("CLASSES", {"Fraim": ()}, r"Roblox has no class Fraim\."),
        ("DATATYPES", {"UDim": ("Inset",)}, r"Roblox has no UDim\.Inset\."),
        ("ENUMS", {"AspectType": ("Sibling",)}, r"Roblox has no Enum\.AspectType\.Sibling\."),
        ("LIBRARIES", {"Color3": ("fromCMYK",)}, r"Roblox has no Color3\.fromCMYK\."),
    ],
)
def test_what_roblox_itself_lacks_is_told(
    monkeypatch: pytest.MonkeyPatch, listed: str, entry: Mapping[str, tuple[str, ...]], message: str
) -> None:
    monkeypatch.setattr(used, listed, {**getattr(used, listed), **entry})
    with pytest.raises(FactError, match=message):
        or_skip(roblox_declarations)
