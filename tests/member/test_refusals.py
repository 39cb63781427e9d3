"""A refusal is told in the user's language, says what to do, and carries its exit code."""

import pytest

from member.refusals import (
    Fault,
    HomeRefused,
    InputRefused,
    MemberError,
    NetworkRefused,
    Problem,
    Unreachable,
    Untrusted,
    tell_fault,
)


def test_each_kind_of_refusal_has_an_exit_code_of_its_own() -> None:
    codes = [kind.exit_code for kind in (InputRefused, NetworkRefused, Unreachable, Untrusted, HomeRefused)]
    assert codes == [3, 4, 5, 6, 7]
    assert MemberError.exit_code == 1


def test_a_refusal_is_told_in_both_languages() -> None:
    refused = Untrusted("pin-changed", name="receipt key", found="ab", expected="cd")
    assert "receipt key" in refused.tell("en")
    assert "pinned cd" in refused.tell("en")
    assert "retenu cd" in refused.tell("fr")
    assert str(refused) == refused.tell("en")


def test_what_the_network_says_is_shown_as_it_says_it() -> None:
    fault = Fault(None, "head", "1", "2")
    problem = Problem("urn:vigie:problem:book-refused", "Refusé", 422, "segment x", [fault])
    refused = NetworkRefused(problem, 422)
    assert refused.code == "book-refused"
    assert refused.tell("fr") == "Refusé: segment x\n  head : trouvé 1, attendu 2"


def test_an_answer_without_words_is_told_by_its_status() -> None:
    refused = NetworkRefused(Problem(title="HTTP 418"), 418)
    assert (refused.code, refused.tell("en")) == ("418", "HTTP 418")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault(3, "dso", "-1", "0 to 36000"), "row 3, dso: found -1, expected 0 to 36000"),
        (Fault(None, None, "x", "y"), "found x, expected y"),
    ],
)
def test_a_fault_names_its_place(fault: Fault, said: str) -> None:
    assert tell_fault(fault, "en") == said
