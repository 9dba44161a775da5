"""Cities as Salla's JSON."""

from collections.abc import Sequence
from typing import Any

from sijill.http.envelope import encode
from sijill.http.languages import Language
from sijill.stores.cities import City
from sijill.stores.countries import Country
from sijill.stores.countries_wire import country_name


def listing(
    cities: Sequence[City], country: Country, language: Language, pagination: dict[str, Any]
) -> bytes:
    """
    Return a page of a country's cities; the country stands beside `data`, as on Salla's page.

    Source: Salla "List Cities".
    """
    return encode(
        {
            "status": 200,
            "success": True,
            "data": [_body(city, country, language) for city in cities],
            "country": {
                "id": country.id,
                "name": country_name(country.code, language),
                "code": country.code,
            },
            "pagination": pagination,
        }
    )


def _body(city: City, country: Country, language: Language) -> dict[str, Any]:
    return {
        "id": city.id,
        "name": city.english if language == "en" else city.arabic,
        "name_en": city.english,
        "country_id": country.id,
    }
