"""The tree as one script, for those who paste and for plain Lua: types first, then a function for each file.

What a file has to look like for this:

- Files are required by ``local name = require("…")`` at the top level, or by a function there that does nothing else
  and that is called where its file is needed; here all are made at once.
- Types are defined at the top level. A name is defined once in the whole tree.
- Types of other files are imported, in a line each and under their own names: ``type Network = types.Network``, where
  ``types`` is a required local. ``types.Network`` stands nowhere else. `init` exports types in the same way.
- There are no interpolated strings, and no file changes what another returns.
- Last comes a ``return`` of one value.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, count
from string import ascii_uppercase
from textwrap import wrap

from tree_sitter import Node

from codegen.library.module_tree import dependency_order
from codegen.library.short_aliases import short_aliases
from codegen.library.short_constants import short_constants
from codegen.library.short_fields import short_fields
from codegen.library.short_keys import short_keys
from codegen.library.short_lines import short_lines
from codegen.library.short_locals import short_locals
from codegen.library.short_records import short_records
from codegen.library.short_returns import short_returns
from codegen.library.short_types import seen_types, short_types
from codegen.library.source_pieces import comments_above, joined, pieces, tidy, tokens
from codegen.library.tree_files import DefinedType, TreeFile, calls_of, declared_by, letters, read_file
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import text_of
from codegen.translate.requires import TOP, TreeError, misplaced, requires_of
from engine.interface.limits import SCRIPT_CHARACTERS

# What Lua 5.1 and LuaJIT allow: locals of a function, and how many it may use from outside.
LOCALS, UPVALUES = 200, 60
# How many of the optional files are looked at, at first.
_TRIED = 4
# How many files an error about the length names.
_NAMED = 3

# In the header, in front of the paths that were left out.
_LEFT_OUT = "--  without "
_HEADER_WIDTH = 120
# What a file is that was left out.
_NOTHING = "nil :: any"
# How a comment begins that is about one argument of a public function.
_OF_ARGUMENT = "--\t"


def bundle(
    files: Mapping[str, str],
    header: str,
    public: Container[str],
    optional: Sequence[str] = (),
    limit: int = SCRIPT_CHARACTERS,
    shortened: tuple[str, ...] = (),
) -> str:
    """The tree as one script.

    Comments are left out, but for those above public functions and, if nothing is shortened, those above and inside
    exported types. A file that has nothing but types is left out behind them.

    Args:
        files: sources by their paths, as in `codegen.translate.requires`.
        header: what stands in front of everything.
        public: the names of the public functions.
        optional: the paths of files without which the others do, which then get nil for them: as many as must go are
            left out, from the first, and the header says which.
        limit: the script has fewer characters than this.
        shortened: the beginnings of the paths of files that nobody has to read here: they, their locals and what only
            they know of types and fields get short names, and their tokens no more white space than they need.

    Raises:
        TreeError: if the tree breaks the rules, or if the bundle is too long all the same.
    """
    requires = requires_of(files)
    read = {path: read_file(path, files[path]) for path in dependency_order(requires)}
    # What is left out is longer than all that stays, so no more of it is looked at than has to be.
    count = _TRIED
    while True:
        without = optional[: max(0, len(optional) - count)]
        text = _longest(read, requires, header, public, optional, without, limit, shortened)
        if len(left_out_of(text)) > len(without) or not without:
            return text
        count *= 2


def _longest(
    read: Mapping[str, TreeFile],
    requires: Mapping[str, Mapping[str, str]],
    header: str,
    public: Container[str],
    optional: Sequence[str],
    without: Sequence[str],
    limit: int,
    shortened: tuple[str, ...],
) -> str:
    """The script with as many of the optional files as it has room for, but without some."""
    read = {path: file.without_code() if path in without else file for path, file in read.items()}
    paths = [path for path in read if path.startswith(shortened) and path not in without] if shortened else []
    short: dict[int, str | None] = {}
    aliases: list[str] = []
    if paths:
        exported = _exported(read[TOP])
        seen = seen_types(read, exported)
        short, aliases = short_types(read, exported, seen, paths)
        handed = short_fields(read, requires, paths)
        short |= handed | short_records(read, seen, paths, handed)
    used = {path: _used_requires(file, requires[path]) for path, file in read.items()}
    # The optional ones come last: the others are called the same, whichever of these there are.
    present = _present(read, set(read), used)
    order = [*(path for path in present if path not in optional), *(path for path in present if path in optional)]
    names = _names(order, read, used, is_short=bool(shortened))
    types = _listed([*aliases, *_hoisted(read, requires, short, is_tight=bool(shortened))])

    @cache
    def body(path: str, called: tuple[str, ...]) -> str:
        return _body(read[path], used[path], {each: names[each] for each in called}, public, shortened, short)

    fitting = None
    for count_left_out in range(len(optional), len(without) - 1, -1):
        left_out = optional[:count_left_out]
        parts = {"types": types, **_parts(read, _reached(requires, left_out), used, names, body, bool(shortened))}
        between = "\n" if shortened else "\n\n"
        text = f"{_headed(header, left_out)}\n\n{between.join(filter(None, parts.values()))}\n"
        if len(text) >= limit:
            break
        fitting = text
    if fitting is not None:
        return fitting
    lengths = Counter({path: len(part) for path, part in parts.items()})
    largest = ", ".join(f"{path} ({length:,})" for path, length in lengths.most_common(_NAMED))
    raise TreeError(
        f"the bundle has {len(text):,} characters, and a script takes fewer than {limit:,}; "
        f"the largest files are {largest}"
    )


def left_out_of(text: str) -> list[str]:
    """The paths of the files that a bundle was made without."""
    lines = re.findall(rf"^{_LEFT_OUT}(.+)$", text, re.MULTILINE)
    return [path for line in lines for path in line.split()]


def _headed(header: str, left_out: Sequence[str]) -> str:
    lines = header.strip("\n").splitlines()
    if left_out:
        lines += [
            "--",
            "-- Left out here, since they only make the library faster:",
            *wrap(" ".join(left_out), _HEADER_WIDTH, initial_indent=_LEFT_OUT, subsequent_indent=_LEFT_OUT),
        ]
    return "\n".join(line.rstrip() for line in lines)


def _parts(
    read: Mapping[str, TreeFile],
    reached: set[str],
    used: Mapping[str, Mapping[str, str]],
    names: Mapping[str, str],
    body: Callable[[str, tuple[str, ...]], str],
    is_short: bool,
) -> dict[str, str]:
    """What becomes of each file, by paths; ``body`` makes it of a path and of the files that it can call."""
    kept = _present(read, reached, used)
    _check_limits(kept, read[TOP], used)
    known = set(kept)
    bodies = {path: body(path, tuple(sorted(known & {*used[path].values()}))) for path in [*kept, TOP]}
    equals = "=" if is_short else " = "
    return {
        **{path: f"local {names[path]}{equals}(function()\n{bodies[path]}\nend)()" for path in kept},
        TOP: bodies[TOP],
    }


def _present(read: Mapping[str, TreeFile], reached: set[str], used: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Those of the files that are reached, but for the top, of which something is left without their types."""
    valued = {target for path in reached for target in used[path].values()}
    return [path for path in read if path in reached - {TOP} and (path in valued or not _is_empty(read[path]))]


def _reached(requires: Mapping[str, Mapping[str, str]], left_out: Container[str]) -> set[str]:
    """The files that are required from the top on, when some are left out."""
    reached: set[str] = set()
    waiting = [TOP]
    while waiting:
        path = waiting.pop()
        if path not in reached and path not in left_out:
            reached.add(path)
            waiting.extend(requires[path].values())
    return reached


def _exported(top: TreeFile) -> set[str]:
    return {each.name for each in top.types.values() if each.is_exported}


def _hoisted(
    read: Mapping[str, TreeFile],
    requires: Mapping[str, Mapping[str, str]],
    short: Mapping[int, str | None],
    *,
    is_tight: bool,
) -> list[str]:
    """The definitions of all types, in the order of the files."""
    exported = _exported(read[TOP])
    found: dict[str, tuple[str, DefinedType]] = {}
    visible: set[tuple[str, str]] = set()
    definitions = []
    for path, file in read.items():
        targets = {require.name: requires[path][require.text] for require in file.requires.values()}
        for each in file.types.values():
            if each.origin is not None:
                if (targets[each.origin], each.name) not in visible:
                    raise misplaced(path, each.node, f"{targets[each.origin]} exports no type {each.name}")
            elif each.name not in found:
                found[each.name] = path, each
                is_exported = each.name in exported
                definitions.append(_definition(each, file.source, short, is_exported=is_exported, is_tight=is_tight))
            elif found[each.name][0] == path or _meaning(found[each.name][1]) != _meaning(each):
                raise misplaced(path, each.node, f"{found[each.name][0]} has another type {each.name}")
            if each.is_exported:
                visible.add((path, each.name))
    return definitions


def _meaning(defined: DefinedType) -> list[str]:
    return tokens(defined.node)[defined.is_exported :]


def _definition(
    defined: DefinedType, source: bytes, short: Mapping[int, str | None], *, is_exported: bool, is_tight: bool
) -> str:
    nodes = [*comments_above(defined.node), defined.node]
    keyword = next(child for child in defined.node.children if child.type == "type")
    changed = {child.id: None for child in defined.node.children if child.type == "export"}
    changes = {**short, **changed, keyword.id: "export type" if is_exported else "type"}
    with_comments = is_exported and not is_tight
    found = (piece for node in nodes for piece in pieces(node, changes, with_comments=with_comments))
    return joined(found, source, is_tight=is_tight)


def _listed(definitions: Iterable[str]) -> str:
    """Definitions under each other, with an empty line around those of several lines."""
    text, before = "", None
    for each in definitions:
        if before is not None:
            text += "\n\n" if "\n" in before + each else "\n"
        text += each
        before = each
    return text


def _used_requires(file: TreeFile, targets: Mapping[str, str]) -> dict[str, str]:
    """The locals of requires that code uses, and their files; types alone need none."""
    variables = set(map(text_of, file.variables))
    requires = [*file.requires.values(), *file.late.values()]
    return {require.name: targets[require.text] for require in requires if require.name in variables}


def _is_empty(file: TreeFile) -> bool:
    """Whether a file has nothing but types, and requires for them."""
    return len(file.code) == 1 and [word for word in tokens(file.code[0]) if word != ";"] == ["return", "{", "}"]


def _names(
    order: Iterable[str], read: Mapping[str, TreeFile], used: Mapping[str, Mapping[str, str]], *, is_short: bool
) -> dict[str, str]:
    """A local for each file, which nothing hides where it is required, and which hides no global."""
    taken = set(RESERVED_WORDS)
    hidden: dict[str, set[str]] = {path: set() for path in read}
    for path, file in read.items():
        required = {require.name for require in file.requires.values()}
        taken |= set(map(text_of, file.variables)) - file.declared - required
        for target in used[path].values():
            hidden[target] |= file.declared
    names = {}
    for path in order:
        plain = _camel_case(path)
        readable = chain([_camel_case(path.split("/")[-1]), plain], (f"{plain}{number}" for number in count(2)))
        candidates = letters(ascii_uppercase) if is_short else readable
        names[path] = next(each for each in candidates if each not in taken | hidden[path])
        taken.add(names[path])
    return names


def _camel_case(path: str) -> str:
    first, *others = (word for word in re.split("[/_]", path) if word)
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in others)


def _check_limits(paths: Sequence[str], top: TreeFile, used: Mapping[str, Mapping[str, str]]) -> None:
    for path in paths:
        needed = len(set(used[path].values()))
        if needed > UPVALUES:
            raise TreeError(f"{path} uses {needed} files, and a function in Lua takes {UPVALUES} things from outside")
    of_top = [name for statement in top.code for name in declared_by(statement)]
    again = used[TOP].keys() & top.declared
    needed = len(paths) + len(of_top) + len(again)
    if needed > LOCALS:
        raise TreeError(f"the bundle needs {needed} locals outside functions, and Lua takes {LOCALS}")


def _body(
    file: TreeFile,
    used: Mapping[str, str],
    names: Mapping[str, str],
    public: Container[str],
    shortened: tuple[str, ...],
    short: Mapping[int, str | None],
) -> str:
    """The code of a file, without its types and the requires that it needs for types only."""
    changes: dict[int, str | None] = dict(short)
    known = {name: names[target] for name, target in used.items() if target in names and name not in file.declared}
    is_tight = bool(shortened) and file.path.startswith(shortened)
    nothing = _NOTHING.replace(" ", "") if is_tight else _NOTHING
    missing: list[Node] = []
    gone = False
    for node in file.root.children:
        if node.type == "comment":
            continue
        if node.start_byte in file.types:
            gone = True
        elif (require := file.requires.get(node.start_byte)) is not None:
            name = names.get(used[require.name], nothing) if require.name in used else None
            changes[require.call.id] = name
            # Where its local is never hidden, the file is called by its name in the bundle.
            gone = name is None or require.name in known
            if name == nothing:
                missing += declared_by(node)
        elif (late := file.late.get(node.start_byte)) is not None:
            # The file is already there.
            value, calls = names.get(used[late.name], _NOTHING), calls_of(late, file)
            changes |= dict.fromkeys((each.id for each in [late.call] if calls is None), value)
            changes |= dict.fromkeys((each.id for each in calls or ()), value)
            gone = calls is not None
        else:
            gone = gone and node.type == "empty_statement"
        if gone:
            changes[node.id] = None
    changes |= {node.id: known[name] for node in file.variables if (name := text_of(node)) in known}
    if is_tight:
        # Where the local of a require stays, it is made of a file that nothing may hide there.
        kept = {names[target] for name, target in used.items() if name not in known and target in names}
        constants = short_constants(file)
        aliases, files = short_aliases(file, known, short)
        changes |= constants | short_returns(file) | short_keys(file)
        settled = constants.keys() | {each for each, text in aliases.items() if text is None}
        variables = [each for each in [*missing, *file.variables] if each.id not in settled]
        changes |= short_locals(variables, known | files, kept) | aliases
    documented = {
        comment.id: tidy(comment)
        for node in file.code
        if _is_public(node, public)
        for comment in comments_above(node)
        # Of what is short, the tree has what each argument is.
        if not (is_tight and text_of(comment).startswith(_OF_ARGUMENT))
    }
    changes |= documented
    text = joined(pieces(file.root, changes, with_comments=False), file.source, is_tight=is_tight)
    return short_lines(text, with_calls=not file.is_native) if is_tight else text


def _is_public(statement: Node, public: Container[str]) -> bool:
    name = statement.child_by_field_name("name")
    return statement.type == "function_declaration" and name is not None and text_of(name) in public
