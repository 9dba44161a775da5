"""
The grammar of a webhook's `rule`, read by recursive descent in one pass over the text.

    rule        = conjunction *( "OR" conjunction )
    conjunction = term *( "AND" term )
    term        = "(" rule ")" | attribute operator value
    operator    = "=" | "==" | "!=" | ">" | "<" | ">=" | "<="
    value       = word | "`" text "`" | "'" text "'" | '"' text '"'

AND and OR may be in any case, attributes may not. A quoted text ends at the next such mark: there
is no escape, and a text with one kind of mark is written in another. A word (also an attribute)
ends at a space, a parenthesis, a quotation mark or an operator.

Source: Salla "Conditional Webhooks", which leaves precedence unsaid; AND binds tighter than OR.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Literal

from sijill.webhooks.rule import ATTRIBUTES, OPERATORS, And, Comparison, Or, Rule

MAX_CHARACTERS = 1_024
MAX_CONDITIONS = 20
MAX_DEPTH = 16
"""Parentheses within each other."""

Expected = Literal[
    "attribute",
    "operator",
    "value",
    "quote",
    "conjunction",
    "parenthesis",
    "length",
    "conditions",
    "depth",
]
"""The expected token at a fault; the last three are bounds that the text exceeds."""

_SPELLINGS = {"==": "="} | {name: name for name in sorted(OPERATORS, key=len, reverse=True)}
"""Operators as written, the longer ones first, to their names."""

_QUOTES = frozenset("`'\"")
_WORD_END = re.compile(r"[\s()=!<>`'\"]")
_CONJUNCTIONS = ("AND", "OR")


class BadRule(Exception):
    """
    A text that is not a rule.

    `position` is that of the fault, from 0; it may be the one behind the last character.
    """

    def __init__(self, position: int, expected: Expected) -> None:
        super().__init__(position, expected)
        self.position = position
        self.expected = expected

    @property
    def fault(self) -> str:
        """The fault of the field as `fields.rules` renders it; there the first character is 1."""
        return f"rule_{self.expected}:{self.position + 1}"


def parse_rule(text: str, known: Collection[str] = ATTRIBUTES) -> Rule:
    """
    Return the rule in a text, whose attributes must be among the `known` ones.

    Values are normalised to NFC, as customers' texts are (`values.texts`). Raises: BadRule.
    """
    if len(text) > MAX_CHARACTERS:
        raise BadRule(MAX_CHARACTERS, "length")
    return _Parser(text, known).parse()


class _Parser:
    """Reads one text; `_at` is the index of the next character."""

    def __init__(self, text: str, known: Collection[str]) -> None:
        self._text, self._known = text, known
        self._at = self._depth = self._conditions = 0

    def parse(self) -> Rule:
        rule = self._rule()
        if self._at < len(self._text):
            raise BadRule(self._at, "conjunction")
        return rule

    def _rule(self) -> Rule:
        return self._joined("OR", Or, self._conjunction)

    def _conjunction(self) -> Rule:
        return self._joined("AND", And, self._term)

    def _joined(self, word: str, kind: type[And] | type[Or], read: Callable[[], Rule]) -> Rule:
        """Read one or more parts, with a word between them."""
        parts = [read()]
        while self._word().upper() == word:
            self._at += len(word)
            parts.append(read())
        return kind(tuple(parts)) if len(parts) > 1 else parts[0]

    def _term(self) -> Rule:
        self._skip_spaces()
        term = self._in_parentheses() if self._next() == "(" else self._condition()
        self._skip_spaces()
        return term

    def _in_parentheses(self) -> Rule:
        if self._depth == MAX_DEPTH:
            raise BadRule(self._at, "depth")
        self._at += 1
        self._depth += 1
        rule = self._rule()
        if self._next() != ")":
            raise BadRule(self._at, "parenthesis")
        self._at += 1
        self._depth -= 1
        return rule

    def _condition(self) -> Rule:
        if self._conditions == MAX_CONDITIONS:
            raise BadRule(self._at, "conditions")
        self._conditions += 1
        attribute = self._word()
        if attribute not in self._known:
            raise BadRule(self._at, "attribute")
        self._at += len(attribute)
        self._skip_spaces()
        spelling = next((s for s in _SPELLINGS if self._text.startswith(s, self._at)), None)
        if spelling is None:
            raise BadRule(self._at, "operator")
        self._at += len(spelling)
        self._skip_spaces()
        value = unicodedata.normalize("NFC", self._value())
        return Comparison(attribute, _SPELLINGS[spelling], value)

    def _value(self) -> str:
        if self._next() in _QUOTES:
            return self._quoted()
        word = self._word()
        if not word or word.upper() in _CONJUNCTIONS:
            raise BadRule(self._at, "value")
        self._at += len(word)
        return word

    def _quoted(self) -> str:
        start = self._at + 1
        end = self._text.find(self._next(), start)
        if end < 0:
            raise BadRule(len(self._text), "quote")
        self._at = end + 1
        return self._text[start:end]

    def _word(self) -> str:
        """Return the word that begins here, or "", and stay before it."""
        return _WORD_END.split(self._text[self._at :], maxsplit=1)[0]

    def _next(self) -> str:
        """Return the character here, or "" behind the last one."""
        return self._text[self._at : self._at + 1]

    def _skip_spaces(self) -> None:
        while self._next().isspace():
            self._at += 1
