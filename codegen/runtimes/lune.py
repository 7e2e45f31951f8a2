"""Lune: Luau with real Roblox instances, interpreted or compiled to native code, in a process of its own."""

import subprocess
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from codegen.runtimes.runtime import LuaError, Runtime
from codegen.tools import TOOLS

DRIVER = Path(__file__).with_name("lune_driver.luau")
# How long Lune may take to end by itself, in seconds.
_PATIENCE = 5
_CONSTANTS = {"nil": None, "true": True, "false": False}


@dataclass(frozen=True, eq=False)
class _Kept:
    """Something that stays in Lune, until this is dropped."""

    word: str


@dataclass(frozen=True)
class _Table:
    """A table on its way in or out."""

    items: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class _Callback:
    """A Python function, as Lune calls it."""

    word: str


class Lune(Runtime):
    """Luau's interpreter in Lune. A Python function cannot be called from where Luau cannot yield (sorting, say)."""

    name = "lune"
    runs_luau = True
    _arguments: ClassVar[tuple[str, ...]] = ()

    def __init__(self, prelude: str = "", functions: Mapping[str, Callable[..., Any]] | None = None) -> None:
        command = [str(TOOLS["lune"].path), "run", str(DRIVER), *self._arguments]
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, bufsize=-1
        )
        self._close = weakref.finalize(self, _close, self._process, self._errors)
        self._callbacks: dict[str, Callable[..., Any]] = {}
        self._dropped: list[str] = []
        for name, function in (functions or {}).items():
            self.run(f"{name} = ...", function)
        self.run(prelude, name="prelude")

    def _compile(self, source: str, name: str) -> Any:
        (function,) = self._ask("compile", name, source)
        return function

    def _compile_late(self, source: str, name: str) -> Any:
        (function,) = self._ask("later", name, source)
        return function

    def _call(self, function: Any, *arguments: Any) -> list[Any]:
        return self._ask("call", function, *arguments)

    def _call_and_keep(self, function: Any, *arguments: Any) -> list[Any]:
        return self._ask("keep", function, *arguments)

    def _table(self, items: Iterable[tuple[Any, Any]]) -> Any:
        return _Table(tuple(items))

    def _items(self, raw: Any) -> Iterable[tuple[Any, Any]] | None:
        return raw.items if isinstance(raw, _Table) else None

    def _function(self, function: Callable[..., Any]) -> Any:
        word = f"!{len(self._callbacks)}"
        self._callbacks[word] = function
        return _Callback(word)

    def _ask(self, verb: str, *values: Any) -> list[Any]:
        """What Lune answers to a request. What it asks meanwhile is answered here."""
        try:
            return self._exchange(verb, values)
        except LuaError:
            raise
        except BaseException:  # such as an interruption from the keyboard: question and answer no longer match
            self._close()
            raise

    def _exchange(self, verb: str, values: Iterable[Any]) -> list[Any]:
        forgotten = [self._dropped.pop() for _ in range(len(self._dropped))]
        if forgotten:
            self._send(" ".join(["forget", *forgotten]))
        self._send(_message(verb, *values))
        while True:
            verb, *rest = self._receive().split()
            words = iter(rest)
            match verb:
                case "done":
                    return list(self._read_all(words))
                case "failed":
                    text, trace = self._read_all(words)
                    error = LuaError(text)
                    if trace:
                        error.add_note(trace)
                    raise error
                case "callback":
                    self._send(self._called(next(words), [*self._read_all(words)]))
                case "print":
                    print(*self._read_all(words))  # noqa: T201  # as the chunk asked
                case _:
                    raise AssertionError(verb)

    def _called(self, word: str, arguments: Iterable[Any]) -> str:
        """The answer to a call of a Python function."""
        try:
            return _message("done", self._to_lua(self._callbacks[word](*map(self._from_lua, arguments))))
        except Exception as error:  # whatever it is, it goes to the caller, as an error of Lua
            return _message("failed", f"{type(error).__name__}: {error}")

    def _send(self, line: str) -> None:
        if not self._close.alive:
            raise LuaError(f"{self.name} is no longer running.")
        assert self._process.stdin
        # If Lune has just ended, the next answer tells.
        with suppress(OSError):
            self._process.stdin.write(line.encode("ascii") + b"\n")
            self._process.stdin.flush()

    def _receive(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().decode("ascii")
        if line.endswith("\n"):
            return line
        code = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip()
        self._close()
        raise LuaError(f"{self.name} ended with exit code {code} and said: {said or 'nothing'}")

    def _read_all(self, words: Iterator[str]) -> Iterator[Any]:
        for word in words:
            yield self._read(word, words)

    def _read(self, word: str, words: Iterator[str]) -> Any:
        match word[0]:
            case "'":
                return bytes.fromhex(word[1:]).decode(errors="surrogateescape")
            case "{":
                count = int(word[1:])
                return _Table(
                    tuple((self._read(next(words), words), self._read(next(words), words)) for _ in range(count))
                )
            case "@":
                kept = _Kept(word)
                weakref.finalize(kept, self._dropped.append, word).atexit = False
                return kept
            case _:
                return _CONSTANTS[word] if word in _CONSTANTS else float(word)


class LuneNative(Lune):
    """Luau compiled to native code, in Lune."""

    name = "lune-native"
    _arguments = ("native",)


def _close(process: subprocess.Popen[bytes], errors: BinaryIO) -> None:
    """End Lune: it goes when its input does."""
    assert process.stdin
    assert process.stdout
    with suppress(OSError):  # if it is gone already
        process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:  # in a loop that never ends
        process.kill()
        process.wait()
    process.stdout.close()
    errors.close()


def _message(verb: str, *values: Any) -> str:
    words = [verb]
    for value in values:
        _write(words, value)
    return " ".join(words)


def _write(words: list[str], value: Any) -> None:
    match value:
        case None:
            words.append("nil")
        case bool():
            words.append("true" if value else "false")
        case str():
            words.append("'" + value.encode(errors="surrogateescape").hex())
        case _Kept() | _Callback():
            words.append(value.word)
        case _Table():
            words.append(f"{{{len(value.items)}")
            for key, item in value.items:
                _write(words, key)
                _write(words, item)
        case _:
            words.append(repr(float(value)))
