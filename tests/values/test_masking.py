"""A masked value shows what its shape says, and is the same for all values that share that."""

from fixtures.tables import rows
from hypothesis import given
from hypothesis import strategies as st

from sijill.values.masking import HIDDEN, mask_email, mask_mobile, mask_name

NAMES = st.text(st.characters(categories=["L"]), min_size=2, max_size=25)
LABELS = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=2, max_size=20)
NUMBERS = st.integers(10_000_000, 10**12)


@rows(
    ("masked", "expected"),
    [
        (mask_name("سارة"), "س•••"),
        (mask_name("سارة العلي"), "س•••"),
        (mask_name(" Ali"), "A•••"),
        (mask_name("س"), "•••"),
        (mask_name("-"), "•••"),
        (mask_name(""), ""),
        (mask_mobile("966", 551234321), "+966 •• ••• 4321"),
        (mask_mobile("967", 777777777), "+967 •• ••• 7777"),
        (mask_mobile("", 551234321), "•• ••• 4321"),
        (mask_mobile("966", 1234567), "+966 •• ••• ••••"),
        (mask_mobile("966", None), ""),
        (mask_email("ahmed@example.com"), "a•••@•••.com"),
        (mask_email("Ahmed.Ali@mail.example.co.uk"), "A•••@•••.uk"),
        (mask_email("a@example.com"), "•••@•••.com"),
        (mask_email("ahmed@localhost"), "a•••@•••"),
        (mask_email("ahmed@example.alharbi"), "a•••@•••"),
        (mask_email("nothing"), "•••@•••"),
        (mask_email(""), ""),
    ],
)
def test_a_mask_has_the_shape_of_its_kind(masked: str, expected: str) -> None:
    assert masked == expected


@given(NAMES, NAMES)
def test_a_masked_name_shows_one_letter_and_no_length(name: str, other: str) -> None:
    assert mask_name(name) == f"{name[0]}{HIDDEN}" == mask_name(name[0] + other)


@given(NUMBERS, NUMBERS)
def test_a_masked_mobile_shows_four_digits_and_no_length(number: int, other: int) -> None:
    same = other - other % 10_000 + number % 10_000
    assert mask_mobile("966", number) == mask_mobile("966", same)
    assert sum(letter.isdigit() for letter in mask_mobile("966", number)) == len("966") + 4


@given(LABELS, LABELS, LABELS, LABELS, LABELS)
def test_a_masked_email_shows_its_first_letter_and_last_label_alone(
    local: str, host: str, label: str, other: str, domain: str
) -> None:
    masked = mask_email(f"{local}@{host}.{label}")
    last = f".{label}" if len(label) <= 4 else ""
    assert masked == f"{local[0]}{HIDDEN}@{HIDDEN}{last}"
    assert masked == mask_email(f"{local[0]}{other}@{domain}.{host}.{label}")
