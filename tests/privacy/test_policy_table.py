"""Every parameter of a profile says its rule, unit, reason and what it stands against; tables hold all."""

from privacy.policy_table import RULES, costs, described, parameters, renewed
from privacy.profiles import PROFILES, Profile


def test_every_number_of_a_profile_is_described() -> None:
    of = described()
    assert set(of) == set(Profile.__dataclass_fields__) - {"name", "fields"}
    for name, one in of.items():
        assert one.rule in RULES, name
        assert all(one[1:]), name


def test_the_table_has_a_line_for_every_parameter_with_its_value_in_every_profile() -> None:
    lines = parameters().splitlines()
    assert len(lines) == 2 + len(Profile.__dataclass_fields__) - 1  # the heading's two, less the name
    assert len({line.count("|") for line in lines}) == 1
    line = next(line for line in lines if "`delay_months`" in line)
    assert [part.strip() for part in line.split("|")][3:5] == [
        str(profile.delay_months) for profile in PROFILES.values()
    ]


def test_what_a_rule_costs_is_what_was_measured_and_nothing_else() -> None:
    row = {"rule": 5, "off": "keyed noise", "profile": "standard-1", "covered": 0.951, "error_dso": 1.25}
    assert "not measured yet" in costs([])
    table = costs([row | {"rule": 0, "off": ""}, row])
    assert "| standard-1 | 5 keyed noise | keyed noise | 0.951 | 1.25 |" in table
    assert "| standard-1 |  | nothing | 0.951 | 1.25 |" in table


def test_a_field_that_a_profile_does_not_publish_has_no_error() -> None:
    row = {"rule": 0, "off": "", "profile": "strict-1", "error_days_late": 2.5, "error_dso": 0.0}
    assert "| strict-1 |  | nothing | 2.5 | – |" in costs([row])


def test_only_what_is_marked_is_written_again() -> None:
    page = "a\n<!-- generated: costs -->\nold\n<!-- end -->\nb\n"
    again = renewed(page, [])
    assert again == "a\n<!-- generated: costs -->\n" + costs([]) + "<!-- end -->\nb\n"
    assert renewed(again, []) == again
