"""Terms that find a customer: one folding for keywords and customers, in any spelling."""

import pytest
from fixtures.registers import AHMED
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sijill.customers.model import Customer
from sijill.customers.search import LENGTH, MAX_TERMS, fold, query_of, terms_of


def finds(keyword: str, customer: Customer) -> bool:
    """Say what search means: some term, and each the beginning of one of the customer's."""
    asked, terms = query_of(keyword), terms_of(customer)
    return bool(asked) and all(any(term.startswith(one) for term in terms) for one in asked)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("أحمد إيمان آمنة ٱلله", "احمد ايمان امنه الله"),
        ("مؤمن رائد هدى فاطمة", "مومن رايد هدي فاطمه"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("علی کریم", "علي كريم"),
        ("ﻣﺤﻤﺪ ﻻ", "محمد لا"),
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
        ("Ａｈｍｅｄ", "ahmed"),
        ("JOSÉ Straße İ", "jose strasse i"),
        ("a\u200d\u200f\u00ad\ufeffb", "ab"),
        ("a-b_c", "a-b_c"),
        ("IŞIK Işık", "isik isik"),
        ("فاطمہ ھدیٰ", "فاطمه هدي"),
        ("", ""),
    ],
)
def test_spellings_of_one_text_fold_to_one(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
@example("ﷺ")
def test_a_folded_text_is_folded_to_itself(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(exclude_categories=())))
def test_terms_are_letters_and_digits_and_bounded(text: str) -> None:
    person = replace(AHMED, first_name=text, last_name=text, email=text)
    for terms in (terms_of(person), query_of(text)):
        assert all(term.isalnum() and len(term) <= LENGTH for term in terms)
        assert len(set(terms)) == len(terms)


@pytest.mark.parametrize(
    "keyword",
    [
        "511804534",
        "0511804534",
        "966511804534",
        "+966511804534",
        "00966511804534",
        "+966 51 180 4534",
        "(966) 51-180-4534",
        "٠٥١١٨٠٤٥٣٤",
        "۹۶۶۵۱۱۸۰۴۵۳۴",
        "\u200e+966\u00a051\u2013180 4534",
        "5118",
        "9665",
        "05",
        "Ahmed 0511804534",
        "+966 0511804534",
        "00966 0511804534",
        "966 0511804534",
        "(+966) 51.180.4534",
        "tel:+966511804534",
        "966511804534+",
        "511804534.0",
    ],
)
def test_a_mobile_is_found_in_every_spelling_and_by_its_beginning(keyword: str) -> None:
    assert finds(keyword, replace(AHMED, mobile=511804534, mobile_code="966"))


@pytest.mark.parametrize("keyword", ["1804534", "+967511804534", "5118045345", "51 18 05"])
def test_another_mobile_is_not_found(keyword: str) -> None:
    assert not finds(keyword, replace(AHMED, mobile=511804534, mobile_code="966"))


@pytest.mark.parametrize(
    "keyword",
    [
        "ahmed.ali+shop@mail.example.com",
        "AHMED.ALI+SHOP@Mail.Example.COM",
        "ahmed.ali@".removesuffix("@"),
        "ahmed.ali+shop@ma",
        "ahmedali",
        "ali",
        "shop",
        "mail.example",
        "example.com",
        "@mail.example.com",
        "com ahmed",
    ],
)
def test_an_email_is_found_whole_and_by_its_parts(keyword: str) -> None:
    blank = replace(AHMED, first_name="", last_name="", mobile=None)
    assert finds(keyword, replace(blank, email="Ahmed.Ali+Shop@mail.example.com"))


@pytest.mark.parametrize(
    ("keyword", "other"),
    [
        ("john.smith@g.example", "johnsmith@ge.xample"),
        ("john.smith@g.example", "johnsmith@g.example"),
        ("john.smith@g.example", "john.smith@g.example.com"),
        ("ali@x.co", "ali@x.com"),
        ("ali@x.co", "sali@x.co"),
        ("a_b@x.co", "a-b@x.co"),
    ],
)
def test_a_whole_address_finds_that_address_alone(keyword: str, other: str) -> None:
    for spelling in (keyword, keyword.upper(), f" <{keyword}> ", f"mailto:{keyword}"):
        assert finds(spelling, replace(AHMED, email=keyword))
        assert not finds(spelling, replace(AHMED, email=other))


def test_both_forms_of_an_internationalised_address_find_it() -> None:
    assert finds("a@xn--bcher-kva.example", replace(AHMED, email="a@bücher.example"))
    assert finds("a@bücher.example", replace(AHMED, email="a@xn--bcher-kva.example"))


@pytest.mark.parametrize("keyword", ["med.ali", "ali@mail.example.com", "ahmed@mail", "xcom"])
def test_another_email_is_not_found(keyword: str) -> None:
    blank = replace(AHMED, first_name="", last_name="", mobile=None)
    assert not finds(keyword, replace(blank, email="ahmed.ali@mail.example.com"))


@pytest.mark.parametrize(
    ("first", "last", "keyword"),
    [
        ("أحمد", "العلي", "احمد العلي"),
        ("احمد", "العلي", "أحْمَد"),
        ("فاطمة", "الزهراء", "الزهراء فاطمه"),
        ("عبد الله", "آل سعود", "عبدالله السعود"),
        ("Abdul-Rahman", "O'Neil", "abdulrahman oneil"),
        ("Abdul-Rahman", "O'Neil", "rahman neil"),
        ("Ahmed", "Ali", "ah al"),
        ("عبد الله", "الغامدي", "عبدالله"),
        ("عبدالله", "الغامدي", "عبد الله"),
        ("عبدالله", "الغامدي", "عبد الله الغامدي"),
        ("محمد عبدالرحمن", "", "محمد عبد الرحمن"),
        ("محمد عبد الرحمن", "", "عبدالرحمن محمد"),
        ("محمد عبد الرحمن", "", "الرحمن"),
        ("محمد", "بن عبد العزيز", "عبدالعزيز"),
        ("عبد", "الرحمن", "عبدالرحمن"),
        ("عبد", "الرحمن", "عبد الرحمن"),
        ("نور الدين", "زين", "نورالدين"),
        ("نورالدين", "زين", "نور الدين"),
        ("أبوبكر", "سالم", "ابو بكر"),
        ("محمد", "آل سعود", "محمد السعود"),
        ("محمد", "الغامدي", "محمد الغامدي"),
        ("محمد صالح", "الغامدي", "محمد الغامدي"),
        ("Işık", "", "IŞIK"),
        ("José", "Straße", "jose strasse"),
    ],
)
def test_names_are_found_in_any_order_and_by_their_beginnings(
    first: str, last: str, keyword: str
) -> None:
    assert finds(keyword, replace(AHMED, first_name=first, last_name=last, email="", mobile=None))


def test_every_word_must_be_found() -> None:
    assert finds("ahmed ali", AHMED)
    assert not finds("ahmed salem", AHMED)
    assert not finds("hmed", AHMED)


@pytest.mark.parametrize("keyword", ["", " ", "%", "_", '"*"', "\\", "\0", "😀", "+()-", "00", "﷐"])
def test_a_keyword_without_letter_or_digit_asks_for_nothing(keyword: str) -> None:
    assert query_of(keyword) == ()
    assert not finds(keyword, AHMED)


@pytest.mark.parametrize(
    "sign", ['"', "'", "*", "%", "_", "\\", "\0", "^", ":", "&", "|", "!", "😀"]
)
def test_signs_only_separate(sign: str) -> None:
    assert query_of(f"{sign}ahmed{sign}ali{sign}") == query_of("ahmed ali")


def test_only_so_many_words_count() -> None:
    words = [chr(ord("a") + n) * 3 for n in range(MAX_TERMS + 1)]
    assert query_of(" ".join(words)) == tuple(words[:MAX_TERMS])


def test_a_word_that_begins_another_is_asked_for_once() -> None:
    assert query_of("al ali a ali") == ("ali",)


def test_a_customer_without_words_mobile_or_email_has_no_terms() -> None:
    nothing = replace(AHMED, first_name="😀", last_name="", email="", mobile=None)
    assert terms_of(nothing) == ()


@given(st.text(max_size=25), st.text(max_size=25))
def test_everybody_is_found_by_their_own_words(first: str, last: str) -> None:
    person = replace(AHMED, first_name=first, last_name=last)
    for word in (first, last):
        assert not query_of(word) or finds(word, person)
