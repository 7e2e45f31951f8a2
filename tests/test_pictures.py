"""The pictures of the demo place that are committed: they show what it shows today."""

import sys
from pathlib import Path

import pytest

from playing.recordings import RECORDINGS
from tests.skips import or_skip


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_a_picture_is_what_playing_the_place_gives(path: Path) -> None:
    """To make them anew: python scripts/pictures.py."""
    # Cars that drive a little otherwise soon drive elsewhere: of such chaos no tolerance can be derived.
    if sys.platform != "linux":
        pytest.skip("Pictures of the place are compared on Linux: other systems round sines otherwise.")
    assert or_skip(RECORDINGS[path]).encode() == path.read_bytes()
