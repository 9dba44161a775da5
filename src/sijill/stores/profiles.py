"""Where Salla's own sources disagree about the wire: each store has one profile."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sijill.stores.model import Store


class Profile(NamedTuple):
    """One consistent reading of the wire. Source: the seed and its family, or 2025 captures."""

    mobile_code_prefix: str
    """The text before the calling code."""
    upper_country_code: bool
    no_location: str
    no_links: Any
    more_keys: bool
    """Whether full_name, lang and created_at are base keys as well."""
    avatars: Mapping[str, str]
    """Default avatar by gender; "" stands for an unknown gender."""


_DOCUMENTED_AVATAR = "https://i.ibb.co/jyqRQfQ/avatar-male.webp"
_OBSERVED_AVATAR = "https://cdn.assets.salla.network/prod/admin/cp/assets/images/avatar_male.png"

PROFILES = {
    "documented": Profile(
        mobile_code_prefix="",
        upper_country_code=False,
        no_location="null",
        no_links=[],
        more_keys=False,
        # Salla's samples show female customers with this same picture.
        avatars=dict.fromkeys(("male", "female", ""), _DOCUMENTED_AVATAR),
    ),
    "observed": Profile(
        mobile_code_prefix="+",
        upper_country_code=True,
        no_location="",
        no_links={},
        more_keys=True,
        # The female picture's name is a guess after the male one: no capture shows it.
        avatars={
            "male": _OBSERVED_AVATAR,
            "female": _OBSERVED_AVATAR.replace("_male", "_female"),
            "": _OBSERVED_AVATAR,
        },
    ),
}


def no_links(store: Store) -> Any:
    """Return the `links` of a list that has only one page, in the store's profile."""
    return PROFILES[store.profile].no_links
