"""Mobile numbers in the spellings people and spreadsheets use."""

import phonenumbers
import pytest
from fixtures.tables import rows
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from sijill.values.mobiles import Mobile, parse_mobile

SAUDI = Mobile("966", 501234567)


@rows(
    "text",
    [
        501234567,
        "501234567",
        "0501234567",
        "050 123 4567",
        "050-123-4567",
        "(050) 1234567",
        " 0501234567 ",
        "+966501234567",
        "+966 50 123 4567",
        "+966 (0) 50 123 4567",
        "+9660501234567",
        "00966501234567",
        "00966 50 1234567",
        "966501234567",
        966501234567,
        "٠٥٠١٢٣٤٥٦٧",
        "٥٠١٢٣٤٥٦٧",
        "+٩٦٦٥٠١٢٣٤٥٦٧",
        "٠٠٩٦٦٥٠١٢٣٤٥٦٧",
        "۰۵۰۱۲۳۴۵۶۷",
        "＋９６６５０１２３４５６７",
        "٠٥٠ ١٢٣ ٤٥٦٧",
        "\u200e+966 50 123 4567\u200f",
        "\u202a+966501234567\u202c",
        "050\u00a0123\u00a04567",
        "050–123–4567",
        "(+966) 50 123 4567",
        "(00966) 50 123 4567",
        "050.123.4567",
        "050/1234567",
        "tel:+966501234567",
        "TEL: 050 123 4567",
        "966501234567+",
        "501234567.0",
        "966501234567.00",
    ],
)
def test_every_usual_spelling_of_a_saudi_mobile_is_the_same_mobile(text: str | int) -> None:
    assert parse_mobile(text, None) == SAUDI


@pytest.mark.parametrize("text", ["501234567", "0501234567", "+966501234567", "966501234567"])
@pytest.mark.parametrize("code", ["966", "+966", "00966", "٩٦٦"])
def test_a_calling_code_beside_the_number_may_be_spelled_as_usual(text: str, code: str) -> None:
    assert parse_mobile(text, code) == SAUDI


@pytest.mark.parametrize(
    ("text", "code", "region", "mobile"),
    [
        ("777777777", "967", "SA", Mobile("967", 777777777)),
        ("0501234567", "971", "SA", Mobile("971", 501234567)),
        ("+971501234567", None, "SA", Mobile("971", 501234567)),
        ("0096599123456", None, "US", Mobile("965", 99123456)),
        ("0501234567", None, "AE", Mobile("971", 501234567)),
        ("36001234", "973", "SA", Mobile("973", 36001234)),
        ("07400123456", "44", "SA", Mobile("44", 7400123456)),
        ("312 345 6789", "39", "SA", Mobile("39", 3123456789)),
        ("971501234567", "971", "SA", Mobile("971", 501234567)),
        ("97433123456", "974", "SA", Mobile("974", 33123456)),
        ("97433123456", None, "QA", Mobile("974", 33123456)),
        ("+97497433123456", None, "SA", Mobile("974", 33123456)),
        ("201012345678", "20", "SA", Mobile("20", 1012345678)),
        ("8 029 123 45 67", "375", "SA", Mobile("375", 291234567)),
        ("773 111 632", "870", "SA", Mobile("870", 773111632)),
        ("+870 773 111 632", None, "SA", Mobile("870", 773111632)),
        ("123456789", "979", "SA", Mobile("979", 123456789)),
    ],
)
def test_numbers_of_other_countries_are_read_by_their_code_or_region(
    text: str, code: str | None, region: str, mobile: Mobile
) -> None:
    assert parse_mobile(text, code, region) == mobile


@rows(
    ("text", "code", "reason"),
    [
        ("", None, "characters"),
        ("abc", None, "characters"),
        ("5.01234567E8", None, "characters"),
        ("501234567.5", None, "characters"),
        ("++966501234567", None, "characters"),
        ("+966501234567+", None, "characters"),
        ("050+1234567", None, "characters"),
        ("tel:", None, "characters"),
        ("+966 50 123 45", None, "too few or too many"),
        ("123456", "20", "too few or too many"),
        ("0501234567 ext 5", None, "characters"),
        ("-501234567", None, "characters"),
        (-501234567, None, "characters"),
        ("050123\n4567", None, "characters"),
        ("²501234567", None, "characters"),
        ("1234", None, "too few or too many"),
        ("05012345678901", None, "too few or too many"),
        ("971501234567", None, "too few or too many"),
        ("+999123456789", None, "not a phone number"),
        ("0000", None, "not a phone number"),
        ("501234567", "1234", "calling code"),
        ("501234567", "0966", "calling code"),
        ("501234567", "SA", "calling code"),
        ("501234567", "999", "not a phone number"),
        ("+971501234567", "966", "another calling code"),
        ("06 6982 1234", "39", "zero that would be lost"),
        ("9" * 40, None, "not a phone number"),
    ],
)
def test_text_that_cannot_be_a_mobile_is_refused(
    text: str | int, code: str | None, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_mobile(text, code)


@pytest.mark.parametrize(
    "region",
    [
        *sorted(phonenumbers.SUPPORTED_REGIONS),
        *map(str, sorted(phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS)),
    ],
)
def test_a_number_may_have_its_calling_code_in_it_and_beside_it(region: str) -> None:
    if region.isdecimal():
        example = phonenumbers.example_number_for_non_geo_entity(int(region))
    else:
        kind = phonenumbers.PhoneNumberType.MOBILE
        example = phonenumbers.example_number_for_type(region, kind)
    if example is None or example.italian_leading_zero:
        pytest.skip("no mobile of this region is known")
    code, national = str(example.country_code), example.national_number
    mobile = Mobile(code, national)
    for text in (f"{national}", f"{code}{national}", f"+{code}{national}", f"00{code}{national}"):
        assert parse_mobile(text, code) == mobile, text


@pytest.mark.parametrize("number", [521234567, 571234567])
def test_a_mobile_in_use_that_the_library_does_not_know_as_valid_stays(number: int) -> None:
    assert parse_mobile(number, "966") == parse_mobile(f"966{number}", "966")
    assert parse_mobile(number, "966") == Mobile("966", number)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.sampled_from(["1", "7", "20", "39", "44", "86", "90", "965", "966", "967", "971", "974"]),
    st.integers(1, 10**15).map(str),
)
def test_a_parsed_mobile_is_parsed_to_itself(code: str, digits: str) -> None:
    try:
        first = parse_mobile("+" + code + digits, None)
    except ValueError:
        assume(False)
    assert parse_mobile(first.number, first.code) == first
    assert parse_mobile(str(first.number), "+" + first.code) == first
    assert 0 < first.number < 2**63


@given(st.text(max_size=20), st.none() | st.text(max_size=5))
def test_any_text_is_a_mobile_in_digits_or_refused(text: str, code: str | None) -> None:
    try:
        mobile = parse_mobile(text, code)
    except ValueError:
        return
    assert mobile.code.isascii()
    assert mobile.code.isdecimal()


def test_a_refusal_never_repeats_the_number() -> None:
    with pytest.raises(ValueError) as refusal:
        parse_mobile("050123456789012", None)
    assert "0123" not in str(refusal.value)
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
