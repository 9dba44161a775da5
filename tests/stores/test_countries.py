"""The countries there are."""

from sijill.stores.countries import CITIES, countries


def test_ids_are_unique_and_fit_31_bits() -> None:
    known = countries()
    assert len({country.code for country in known.values()}) == len(known)
    assert all(0 < number < 2**31 and number == country.id for number, country in known.items())


def test_ids_never_change() -> None:
    by_code = {country.code: country.id for country in countries().values()}
    assert (by_code["SA"], by_code["SY"]) == (1473353380, 1440241834)
    assert (by_code["JO"], by_code["FR"]) == (1262390104, 413501342)


def test_every_country_has_a_code_and_a_calling_code() -> None:
    for country in countries().values():
        assert len(country.code) == 2
        assert country.calling_code.isdecimal()
    assert 230 < len(countries()) < 250


def test_cities_belong_to_countries_and_have_ids_of_their_own() -> None:
    codes = {country.code for country in countries().values()}
    for code, cities in CITIES.items():
        assert code in codes
        assert len({city.id for city in cities}) == len(cities)
