"""The rule grammar: what it takes, where it points when it does not, and what matches."""

import json
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.fields.rules import RULES, render
from sijill.webhooks.rule import ATTRIBUTES, OPERATORS, And, Comparison, Or, Rule, matches
from sijill.webhooks.rule_parser import (
    MAX_CHARACTERS,
    MAX_CONDITIONS,
    MAX_DEPTH,
    BadRule,
    Expected,
    parse_rule,
)

ONE, TWO, THREE = (Comparison("id", "=", number) for number in "123")


def payload(name: str) -> Any:
    return json.loads((Path(__file__).parents[1] / "payloads" / f"{name}.json").read_text("utf-8"))


def read(text: str) -> Rule | BadRule:
    try:
        return parse_rule(text)
    except BadRule as bad:
        return bad


def refused(text: str) -> BadRule:
    bad = read(text)
    assert isinstance(bad, BadRule)
    return bad


@rows(
    ("text", "rule"),
    [
        ("first_name = `User`", Comparison("first_name", "=", "User")),
        (
            "city\t= `الرياض` AND location != `حي اليرموك`",
            And((Comparison("city", "=", "الرياض"), Comparison("location", "!=", "حي اليرموك"))),
        ),
        ("city = الرياض", Comparison("city", "=", "الرياض")),
        ("city='New York'", Comparison("city", "=", "New York")),
        ("city = \"a `b` 'c'\"", Comparison("city", "=", "a `b` 'c'")),
        ("city = ``", Comparison("city", "=", "")),
        ("city = `A AND (b`", Comparison("city", "=", "A AND (b")),
        ("email = a.b+c@d-e.sa", Comparison("email", "=", "a.b+c@d-e.sa")),
        ("mobile_code = +966", Comparison("mobile_code", "=", "+966")),
        ("birthday >= 1990-01-01", Comparison("birthday", ">=", "1990-01-01")),
        ("id == 1", ONE),
        ("id=1", ONE),
        ("  (  ( id = 1 )  )  ", ONE),
        ("id = 1 And id = 2", And((ONE, TWO))),
        ("id = 1 or id = 2", Or((ONE, TWO))),
        ("id = 1 OR id = 2 AND id = 3", Or((ONE, And((TWO, THREE))))),
        ("id = 1 AND id = 2 OR id = 3", Or((And((ONE, TWO)), THREE))),
        ("(id = 1 OR id = 2) AND id = 3", And((Or((ONE, TWO)), THREE))),
        ("(id=1)and(id=2)", And((ONE, TWO))),
        ("id=`1`and id='2'", And((ONE, TWO))),
        ("id = 1 AND id = 2 AND id = 3", And((ONE, TWO, THREE))),
        ("city = orange", Comparison("city", "=", "orange")),
        ("city = e\u0301", Comparison("city", "=", "\u00e9")),
    ],
)
def test_rules_of_the_grammar_are_read(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_read_with_and_without_spaces(operator: str) -> None:
    wanted = Comparison("id", operator, "1")
    assert parse_rule(f"id{operator}1") == parse_rule(f"id {operator} 1") == wanted


def test_the_rule_of_the_list_sample_is_taken() -> None:
    rule = payload("webhook_list_response")["data"][0]["rule"]
    assert parse_rule(rule) == Comparison("first_name", "=", "User")


def test_the_registration_sample_names_an_attribute_that_customers_do_not_have() -> None:
    rule = payload("webhook_register_request")["rule"]
    assert (refused(rule).position, refused(rule).expected) == (0, "attribute")
    known = parse_rule(rule, {"payment_method", "price"})
    wanted = (Comparison("payment_method", "=", "mada"), Comparison("price", "<", "50"))
    assert known == Or(wanted)


@rows(
    ("text", "position", "expected"),
    [
        ("", 0, "attribute"),
        ("   ", 3, "attribute"),
        ("id = 1 AND price < 50", 11, "attribute"),
        ("ID = 1", 0, "attribute"),
        ("id = 1 AND", 10, "attribute"),
        ("AND id = 1", 0, "attribute"),
        ("()", 1, "attribute"),
        ("`id` = 1", 0, "attribute"),
        ("country_code = SA", 0, "attribute"),
        ("id", 2, "operator"),
        ("id 1", 3, "operator"),
        ("id ! 1", 3, "operator"),
        ("id IN (1)", 3, "operator"),
        ("id =", 4, "value"),
        ("id => 1", 4, "value"),
        ("id === 1", 5, "value"),
        ("id = AND id = 2", 5, "value"),
        ("id = (1)", 5, "value"),
        ("city = `a", 9, "quote"),
        ("city = 'a`", 10, "quote"),
        ("city = `a``b`", 10, "conjunction"),
        ("city = New York", 11, "conjunction"),
        ("id = 1)", 6, "conjunction"),
        ("id = 1 XOR id = 2", 7, "conjunction"),
        ("id = 1 ANDid = 2", 7, "conjunction"),
        ("id = 1 && id = 2", 7, "conjunction"),
        ("(id = 1", 7, "parenthesis"),
        ("(id = 1 id = 2)", 8, "parenthesis"),
    ],
)
def test_a_bad_rule_points_at_the_place(text: str, position: int, expected: str) -> None:
    assert (refused(text).position, refused(text).expected) == (position, expected)


@pytest.mark.parametrize(
    ("good", "bad", "position", "expected"),
    [
        (
            f"city = `{'x' * (MAX_CHARACTERS - 9)}`",
            f"city = `{'x' * (MAX_CHARACTERS - 8)}`",
            MAX_CHARACTERS,
            "length",
        ),
        (
            " OR ".join(["id = 1"] * MAX_CONDITIONS),
            " OR ".join(["id = 1"] * (MAX_CONDITIONS + 1)),
            10 * MAX_CONDITIONS,
            "conditions",
        ),
        (
            "(" * MAX_DEPTH + "id = 1" + ")" * MAX_DEPTH,
            "(" * (MAX_DEPTH + 1) + "id = 1" + ")" * (MAX_DEPTH + 1),
            MAX_DEPTH,
            "depth",
        ),
    ],
)
def test_a_limit_holds_exactly(good: str, bad: str, position: int, expected: str) -> None:
    parse_rule(good)
    assert (refused(bad).position, refused(bad).expected) == (position, expected)


def test_parentheses_beside_each_other_are_not_within_each_other() -> None:
    parse_rule(" OR ".join(["(id = 1)"] * (MAX_DEPTH + 1)))


@pytest.mark.parametrize("expected", Expected.__args__)  # type: ignore[attr-defined]
def test_every_bad_rule_is_told_with_its_place_counted_from_one(expected: Expected) -> None:
    fault = BadRule(16, expected).fault
    assert fault.partition(":")[0] in RULES
    assert "الحرف 17:" in render("rule", fault, "ar")
    assert "The rule is wrong at character 17: " in render("rule", fault, "en")


def test_the_fault_of_a_rule_does_not_repeat_its_text() -> None:
    assert "secret" not in str(refused("secret = 1"))


CUSTOMER: dict[str, Any] = {
    "id": 9007199254740993,
    "first_name": "Ahmed",
    "mobile": "0555",
    "birthday": "1997-06-03",
    "city": "الرياض",
    "location": "",
    "gender": None,
}


@rows(
    ("text", "matched"),
    [
        ("id = 9007199254740993", True),
        ("id = 9007199254740992", False),  # a float could not tell these two apart
        ("id = `9007199254740993`", True),
        ("id = 9007199254740993.0", True),
        ("id = 09007199254740993", True),
        ("id > 10", True),
        ("id < 10", False),
        ("id > -1.5", True),
        ("id >= 9007199254740993", True),
        ("id <= 9007199254740992.9", False),
        ("id != 1", True),
        ("id != x", True),
        ("id = x", False),
        ("id > x", False),
        ("id < NaN", False),
        ("id < Infinity", False),
        ("id > 1e3", False),
        ("id > ٥", False),
        ("id > .", False),
        ("id > ``", False),
        ("first_name = Ahmed", True),
        ("first_name = ahmed", False),
        ("first_name != ahmed", True),
        ("first_name > Adam", True),
        ("mobile = 0555", True),
        ("mobile = 555", False),
        ("mobile < 1", True),
        ("birthday < 2000-01-01", True),
        ("birthday >= 1997-06-03", True),
        ("city = `الرياض`", True),
        ("location = ``", True),
        ("gender = male", False),
        ("gender != male", True),
        ("gender = ``", False),
        ("gender > a", False),
        ("gender < z", False),
        ("gender >= ``", False),
        ("gender <= ``", False),
        ("email != a@b", True),  # the event has no such attribute
        ("email = a@b", False),
    ],
)
def test_how_values_compare(text: str, matched: bool) -> None:
    assert matches(parse_rule(text), CUSTOMER) is matched


def printed(rule: Rule) -> str:
    """Write a tree as a rule, with the parentheses that it needs."""
    if isinstance(rule, Comparison):
        return f"{rule.attribute} {rule.operator} `{rule.value}`"
    return (" AND " if isinstance(rule, And) else " OR ").join(
        f"({printed(part)})" if needs_parentheses(rule, part) else printed(part)
        for part in rule.parts
    )


def needs_parentheses(outer: Rule, inner: Rule) -> bool:
    return isinstance(inner, Or) or (isinstance(inner, And) and isinstance(outer, And))


VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="`"), max_size=12).map(
    lambda text: unicodedata.normalize("NFC", text).replace("`", "")
)
CONDITIONS = st.builds(
    Comparison, st.sampled_from(ATTRIBUTES), st.sampled_from([*OPERATORS]), VALUES
)


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def joined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return several.map(And) | several.map(Or)

    return st.recursive(leaves, joined, max_leaves=12)


@given(trees(CONDITIONS))
def test_a_tree_that_is_printed_and_read_is_the_same(rule: Rule) -> None:
    again = read(printed(rule))
    assert again == rule or (isinstance(again, BadRule) and again.expected == "length")


@given(trees(st.booleans()), st.randoms(use_true_random=False))
def test_and_binds_tighter_than_or_as_in_python(tree: Any, random: Any) -> None:
    def written(node: Any) -> tuple[str, str]:
        """Return the rule and the Python expression; parentheses stand where chance has them."""
        if isinstance(node, bool):
            return (f"id = {1 if node else 2}", str(node))
        word = "and" if isinstance(node, And) else "or"
        rules, python = zip(*map(written, node.parts), strict=True)
        spelled = random.choice([word, word.upper(), word.title()])
        rule, expression = f" {spelled} ".join(rules), f" {word} ".join(python)
        return (f"({rule})", f"({expression})") if random.random() < 0.5 else (rule, expression)

    rule, expression = written(tree)
    assert matches(parse_rule(rule), {"id": 1}) is eval(expression)


PIECES = st.sampled_from([*ATTRIBUTES, *OPERATORS, "==", "AND", "or", "(", ")", "`", "'", '"'])


@given(st.text() | st.lists(PIECES | st.text(max_size=3), max_size=60).map(" ".join))
def test_no_text_raises_anything_but_a_bad_rule_within_it(text: str) -> None:
    rule = read(text)
    if isinstance(rule, BadRule):
        assert 0 <= rule.position <= len(text)
        assert f"rule_{rule.expected}" in RULES
    else:
        assert matches(rule, CUSTOMER) in (True, False)


@pytest.mark.parametrize(
    "piece", ["(", ")", "`", "``", " ", "(id=1", "id=1 OR ", "a", "id = `x` AND (", "id=", "\u0651"]
)
def test_hostile_texts_of_any_length_are_judged_quickly(piece: str) -> None:
    begun = time.process_time()
    for length in (MAX_CHARACTERS, 50_000):
        refused((piece * length)[:length])
    assert time.process_time() - begun < 0.25
