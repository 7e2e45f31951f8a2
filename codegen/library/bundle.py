"""The tree as one script, for those who paste and for plain Lua: types first, then a function for each file.

What a file has to look like for this:

- Files are required by ``local name = require("…")`` at the top level, and nowhere else.
- Types are defined at the top level. A name is defined once in the whole tree.
- Types of other files are imported, in a line each and under their own names: ``type Network = types.Network``, where
  ``types`` is a required local. ``types.Network`` stands nowhere else. `init` exports types in the same way.
- Last comes a ``return`` of one value.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise, product
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType

from tree_sitter import Node

from codegen.library.module_tree import dependency_order
from codegen.library.source_pieces import comments_above, joined, pieces, tidy, tokens
from codegen.translate.luau_rules import RESERVED_WORDS
from codegen.translate.luau_syntax import inside, is_field_name, outside_types, parsed, statements_of, text_of
from codegen.translate.requires import TOP, Require, TreeError, misplaced, require_in, requires_of
from engine.interface.limits import SCRIPT_CHARACTERS

# What Lua 5.1 and LuaJIT allow: locals of a function, and how many it may use from outside.
LOCALS, UPVALUES = 200, 60
# How many files an error about the length names.
_NAMED = 3

# What types are called in files that nobody has to read.
SHORT_TYPES: Mapping[str, str] = MappingProxyType({"number": "N", "string": "S", "boolean": "B"})

# In the header, in front of each path that was left out.
_LEFT_OUT = "--  without "
# What a file is that was left out.
_NOTHING = "nil :: any"
# How a comment begins that is about one argument of a public function.
_OF_ARGUMENT = "--\t"


@dataclass(frozen=True)
class _Type:
    """A type that a file defines, or imports from the file that it requires as ``origin``."""

    name: str
    node: Node
    origin: str | None
    is_exported: bool


@dataclass(frozen=True)
class _File:
    """A file, read.

    Attributes:
        path: its path.
        source: its bytes.
        root: its syntax tree.
        requires: its requires, by where their statements start.
        types: its types, by where they start.
        code: its other statements.
        variables: where that code says names that are no fields and no types.
        declared: the locals that it makes, at any depth.
    """

    path: str
    source: bytes
    root: Node
    requires: Mapping[int, Require]
    types: Mapping[int, _Type]
    code: Sequence[Node]
    variables: Sequence[Node]
    declared: frozenset[str]


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
        shortened: the beginnings of the paths of files that nobody has to read here: they and their locals get
            short names, and their tokens no more white space than they need.

    Raises:
        TreeError: if the tree breaks the rules, or if the bundle is too long all the same.
    """
    requires = requires_of(files)
    read = {path: _read(path, files[path]) for path in dependency_order(requires)}
    fields = _short_fields(read, requires, [path for path in read if path.startswith(shortened)] if shortened else [])
    count_left_out = 0
    while count_left_out <= len(optional):
        parts = _parts(read, requires, public, optional[:count_left_out], shortened, fields)
        text = "\n\n".join([_headed(header, optional[:count_left_out]), *filter(None, parts.values())]) + "\n"
        if len(text) < limit:
            return text
        # What goes is about as long as it is here: one fewer may do, so there is no need to try all.
        over, skipped = len(text) - limit, 0
        for path in optional[count_left_out:]:
            over -= len(parts.get(path, ""))
            skipped += 1
            if over < 0:
                break
        count_left_out += max(1, skipped - 1)
    lengths = Counter({path: len(part) for path, part in parts.items()})
    largest = ", ".join(f"{path} ({length:,})" for path, length in lengths.most_common(_NAMED))
    raise TreeError(
        f"the bundle has {len(text):,} characters, and a script takes fewer than {limit:,}; "
        f"the largest files are {largest}"
    )


def left_out_of(text: str) -> list[str]:
    """The paths of the files that a bundle was made without."""
    return re.findall(rf"^{_LEFT_OUT}(\S+)$", text, re.MULTILINE)


def _headed(header: str, left_out: Sequence[str]) -> str:
    lines = header.strip("\n").splitlines()
    if left_out:
        lines += [
            "--",
            "-- Left out here, since they only make the library faster:",
            *(f"{_LEFT_OUT}{path}" for path in left_out),
        ]
    return "\n".join(line.rstrip() for line in lines)


def _parts(
    read: Mapping[str, _File],
    requires: Mapping[str, Mapping[str, str]],
    public: Container[str],
    left_out: Container[str],
    shortened: tuple[str, ...],
    fields: Mapping[int, str],
) -> dict[str, str]:
    """The types, then what becomes of each file, by paths."""
    used = {path: _used_requires(file, requires[path]) for path, file in read.items()}
    reached = _reached(requires, left_out)
    valued = {target for path in reached for target in used[path].values()}
    kept = [path for path in read if path in reached - {TOP} and (path in valued or not _is_empty(read[path]))]
    names = _names(kept, read, used, is_short=bool(shortened))
    _check_limits(names, read[TOP], used)
    bodies = {path: _body(read[path], used[path], names, public, shortened, fields) for path in [*kept, TOP]}
    return {
        "types": _listed([*_aliases(shortened), *_hoisted(read, requires, is_tight=bool(shortened))]),
        **{path: f"local {name} = (function()\n{bodies[path]}\nend)()" for path, name in names.items()},
        TOP: bodies[TOP],
    }


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


def _read(path: str, source: str) -> _File:
    source = source.replace("\r\n", "\n")
    root = parsed(source)
    statements = statements_of(root)
    requires = {each.start_byte: require for each in statements if (require := require_in(each))}
    names = Counter(require.name for require in requires.values())
    for require in requires.values():
        if names[require.name] > 1:
            raise misplaced(path, require.call, f"{require.name} is two required files")
    types = {each.start_byte: _read_type(path, each, names) for each in statements if each.type == "type_definition"}
    code = [each for each in statements if each.start_byte not in requires.keys() | types.keys()]
    if not code or not _returns_one_value(code[-1]):
        raise TreeError(f"{path}: a file ends with a return of one value")
    for node in inside(root):
        if node.type == "type_definition" and node.start_byte not in types:
            raise misplaced(path, node, "types are defined outside blocks")
        if node.type == "typeof":
            raise misplaced(path, node, "types stand in front of all code, which typeof could not see")
        if node.type == "field_type" and not _is_import(node, types):
            *_, name = node.children
            raise misplaced(
                path, node, f"import the type first: `type {text_of(name)} = {text_of(node)}`, and say {text_of(name)}"
            )
    variables = [node for statement in code for node in outside_types(statement) if _is_variable(node)]
    declared = frozenset(
        text_of(name) for statement in code for node in inside(statement) for name in _declared_by(node)
    )
    return _File(path, source.encode(), root, requires, types, code, variables, declared)


def _returns_one_value(statement: Node) -> bool:
    values = next((each for each in statement.children if each.type == "expression_list"), None)
    return statement.type == "return_statement" and values is not None and len(_without_comments(values)) == 1


def _read_type(path: str, node: Node, requires: Container[str]) -> _Type:
    is_exported = node.children[0].type == "export"
    _, head, _, *values = _without_comments(node)[is_exported:]
    name, parameters = _generic(head)
    origin, passed = _generic(values[0])
    if origin.type != "field_type":
        return _Type(text_of(name), node, None, is_exported)
    holder, _, imported = origin.children
    what = f"`{text_of(node)}`"
    if "\n" in what:
        raise misplaced(path, node, "a type is imported in one line")
    if text_of(holder) not in requires:
        raise misplaced(path, node, f"{what}: {text_of(holder)} is not required here")
    if text_of(imported) != text_of(name) or parameters != passed:
        raise misplaced(path, node, f"{what}: an imported type keeps its name and its parameters")
    return _Type(text_of(name), node, text_of(holder), is_exported)


def _without_comments(node: Node) -> list[Node]:
    return [child for child in node.children if child.type != "comment"]


def _generic(node: Node) -> tuple[Node, list[str]]:
    """A name and the tokens of what stands behind it in angle brackets."""
    if node.type != "generic_type":
        return node, []
    name, *parameters = node.children
    return name, [token for each in parameters for token in tokens(each)]


def _is_import(node: Node, types: Mapping[int, _Type]) -> bool:
    """Whether a qualified name is that of an import."""
    holder = node.parent
    if holder is not None and holder.type == "generic_type":
        holder = holder.parent
    return holder is not None and holder.start_byte in types and types[holder.start_byte].origin is not None


def _aliases(shortened: tuple[str, ...]) -> list[str]:
    """What types are called that stand in files again and again."""
    return [f"type {short} = {name}" for name, short in SHORT_TYPES.items()] if shortened else []


def _hoisted(read: Mapping[str, _File], requires: Mapping[str, Mapping[str, str]], *, is_tight: bool) -> list[str]:
    """The definitions of all types, in the order of the files."""
    exported = {each.name for each in read[TOP].types.values() if each.is_exported}
    found: dict[str, tuple[str, _Type]] = {}
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
                definitions.append(_definition(each, file.source, is_exported=is_exported, is_tight=is_tight))
            elif found[each.name][0] == path or _meaning(found[each.name][1]) != _meaning(each):
                raise misplaced(path, each.node, f"{found[each.name][0]} has another type {each.name}")
            if each.is_exported:
                visible.add((path, each.name))
    return definitions


def _meaning(defined: _Type) -> list[str]:
    return tokens(defined.node)[defined.is_exported :]


def _definition(defined: _Type, source: bytes, *, is_exported: bool, is_tight: bool) -> str:
    nodes = [*comments_above(defined.node), defined.node]
    keyword = next(child for child in defined.node.children if child.type == "type")
    changed = {child.id: None for child in defined.node.children if child.type == "export"}
    changes = {**changed, keyword.id: "export type" if is_exported else "type"}
    with_comments = is_exported and not is_tight
    if is_tight and not is_exported:
        changes |= _shorter(defined.node)
    found = (piece for node in nodes for piece in pieces(node, changes, with_comments=with_comments))
    return joined(found, source, is_tight=is_tight)


def _shorter(node: Node) -> dict[int, str | None]:
    """What changes in a type that only the library sees: functions lose the names of their parameters."""
    changes = _short_types([node])
    for each in inside(node):
        if each.type == "function_type":
            for name, colon in pairwise(each.children):
                if name.type == "identifier" and colon.type == ":":
                    changes |= {name.id: None, colon.id: None}
    return changes


def _short_types(nodes: Iterable[Node]) -> dict[int, str | None]:
    """What the types of Luau are called, where they stand in files again and again."""
    types = (each for node in nodes for each in inside(node) if each.type == "builtin_type")
    return {each.id: SHORT_TYPES[name] for each in types if (name := text_of(each)) in SHORT_TYPES}


def _listed(definitions: Iterable[str]) -> str:
    """Definitions under each other, with an empty line around those of several lines."""
    text, before = "", None
    for each in definitions:
        if before is not None:
            text += "\n\n" if "\n" in before + each else "\n"
        text += each
        before = each
    return text


def _used_requires(file: _File, targets: Mapping[str, str]) -> dict[str, str]:
    """The locals of requires that code uses, and their files; types alone need none."""
    variables = set(map(text_of, file.variables))
    requires = file.requires.values()
    return {require.name: targets[require.text] for require in requires if require.name in variables}


def _is_variable(node: Node) -> bool:
    return node.type == "identifier" and not is_field_name(node)


def _is_empty(file: _File) -> bool:
    """Whether a file has nothing but types, and requires for them."""
    return len(file.code) == 1 and [word for word in tokens(file.code[0]) if word != ";"] == ["return", "{", "}"]


def _names(
    order: Iterable[str], read: Mapping[str, _File], used: Mapping[str, Mapping[str, str]], *, is_short: bool
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
        candidates = _letters(ascii_uppercase) if is_short else readable
        names[path] = next(each for each in candidates if each not in taken | hidden[path])
        taken.add(names[path])
    return names


def _camel_case(path: str) -> str:
    first, *others = (word for word in re.split("[/_]", path) if word)
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in others)


def _declared_by(node: Node) -> list[Node]:
    """The names of the locals that a node makes."""
    match node.type:
        case "variable_declaration":
            holder = node.children[1]
            names = holder.children[0].children if holder.type == "assignment_statement" else holder.children
        case "for_generic_clause":
            names = node.children[0].children
        case "for_numeric_clause" | "parameter":
            names = node.children[:1]
        case "function_declaration" if node.children[0].type == "local":
            names = node.children[2:3]
        case _:
            return []
    return [name for name in names if name.type == "identifier" and not _is_annotation(name)]


def _is_annotation(node: Node) -> bool:
    before = node.prev_sibling
    return before is not None and before.type == ":"


def _check_limits(names: Mapping[str, str], top: _File, used: Mapping[str, Mapping[str, str]]) -> None:
    for path in names:
        needed = len(set(used[path].values()))
        if needed > UPVALUES:
            raise TreeError(f"{path} uses {needed} files, and a function in Lua takes {UPVALUES} things from outside")
    of_top = [name for statement in top.code for name in _declared_by(statement)]
    again = used[TOP].keys() & top.declared
    needed = len(names) + len(of_top) + len(again)
    if needed > LOCALS:
        raise TreeError(f"the bundle needs {needed} locals outside functions, and Lua takes {LOCALS}")


def _body(
    file: _File,
    used: Mapping[str, str],
    names: Mapping[str, str],
    public: Container[str],
    shortened: tuple[str, ...],
    fields: Mapping[int, str],
) -> str:
    """The code of a file, without its types and the requires that it needs for types only."""
    changes: dict[int, str | None] = dict(fields)
    known = {name: names[target] for name, target in used.items() if target in names and name not in file.declared}
    gone = False
    for node in file.root.children:
        if node.type == "comment":
            continue
        if node.start_byte in file.types:
            gone = True
        elif (require := file.requires.get(node.start_byte)) is not None:
            name = names.get(used[require.name], _NOTHING) if require.name in used else None
            changes[require.call.id] = name
            # Where its local is never hidden, the file is called by its name in the bundle.
            gone = name is None or require.name in known
        else:
            gone = gone and node.type == "empty_statement"
        if gone:
            changes[node.id] = None
    changes |= {node.id: known[name] for node in file.variables if (name := text_of(node)) in known}
    is_tight = bool(shortened) and file.path.startswith(shortened)
    if is_tight:
        short = _short_names(file, {*names.values(), *used})
        changes |= {node.id: short[name] for node in file.variables if (name := text_of(node)) in short}
        changes |= _short_types(file.code)
    documented = {
        comment.id: tidy(comment)
        for node in file.code
        if _is_public(node, public)
        for comment in comments_above(node)
        # Of what is short, the tree has what each argument is.
        if not (is_tight and text_of(comment).startswith(_OF_ARGUMENT))
    }
    changes |= documented
    return joined(pieces(file.root, changes, with_comments=False), file.source, is_tight=is_tight)


def _short_fields(
    read: Mapping[str, _File], requires: Mapping[str, Mapping[str, str]], paths: Iterable[str]
) -> dict[int, str]:
    """Other names, by their nodes, for the fields of what files return, the shortest for those said most often.

    Only of files whose fields others say by their names and in no other way: what is passed on, cast, indexed or gone
    through keeps its names.
    """
    short: dict[int, str] = {}
    # What is done with what a file returns, wherever it is required; None where its local may be hidden.
    uses: dict[str, list[Node | None]] = {path: [] for path in read}
    for other, file in read.items():
        targets = {require.name: requires[other][require.text] for require in file.requires.values()}
        for name, target in targets.items():
            uses[target] += [None] if name in file.declared else []
        for node in file.variables:
            name = text_of(node)
            if name in targets:
                uses[targets[name]].append(_field_of(node))
    for path in paths:
        returned, said = _returned_fields(read[path]), uses[path]
        if not returned or None in said:
            continue
        nodes = [*returned, *(node for node in said if node is not None)]
        counts = Counter(map(text_of, nodes))
        wanted = [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]
        free = (name for name in _letters(ascii_lowercase) if name not in RESERVED_WORDS)
        names = dict(zip(wanted, free, strict=False))
        short |= {node.id: names[text_of(node)] for node in nodes}
    return short


def _returned_fields(file: _File) -> list[Node]:
    """The names of the fields of the table that a file returns; none if it returns anything else."""
    (values,) = (child for child in file.code[-1].children if child.type == "expression_list")
    (value,) = _without_comments(values)
    if value.type != "table_constructor":
        return []
    entries = [child for child in value.children if child.type == "field"]
    names = [each.children[0] for each in entries]
    return names if all(map(is_field_name, names)) else []


def _field_of(variable: Node) -> Node | None:
    """The name of the field that is said of a variable, if nothing else is done with it."""
    holder = variable.parent
    is_index = holder is not None and holder.type == "dot_index_expression" and holder.children[0] == variable
    return holder.children[-1] if holder is not None and is_index else None


def _short_names(file: _File, taken: set[str]) -> dict[str, str]:
    """Other names for the locals that a file makes, the shortest for those that stand there most often.

    Two locals of one name stay two of one name, and two of different names stay so: whatever hides what, nothing else
    is meant. A name that is used before any local has it may be a global, and stays; so does one whose underscore says
    that it is not used.
    """
    counts: Counter[str] = Counter()
    firsts: set[int] = {name.start_byte for each in file.code for node in inside(each) for name in _declared_by(node)}
    kept = set(taken) | set(RESERVED_WORDS)
    for node in file.variables:
        name = text_of(node)
        if name.startswith("_") or name not in file.declared or (name not in counts and node.start_byte not in firsts):
            kept.add(name)
        counts[name] += 1
    wanted = [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0])) if name not in kept]
    free = (name for name in _letters(ascii_lowercase) if name not in kept)
    return dict(zip(wanted, free, strict=False))


def _letters(alphabet: str) -> Iterator[str]:
    """The letters, then pairs of letters, and so on."""
    for length in count(1):
        for letters in product(alphabet, repeat=length):
            yield "".join(letters)


def _is_public(statement: Node, public: Container[str]) -> bool:
    name = statement.child_by_field_name("name")
    return statement.type == "function_declaration" and name is not None and text_of(name) in public
