"""What docs/proof.md counts is about what there is."""

import re

from codegen.library.generate import ROOT
from tests.parity.faults import faults
from tests.parity.test_teeth import SLIPS, lines_of_loops


def test_the_number_of_planted_faults_is_about_what_is_said() -> None:
    text = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"There are some (\d+) of them, made of the syntax trees", text)
    there_are = len(faults()) + len(lines_of_loops()) + len(SLIPS)
    assert abs(there_are - int(said)) < there_are / 5
