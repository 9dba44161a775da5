"""The cities that are known: the documented first page of Saudi Arabia's, and no other."""

from typing import NamedTuple


class City(NamedTuple):
    """A city of a country; both names, as they are shown."""

    id: int
    arabic: str
    english: str


CITIES: dict[str, tuple[City, ...]] = {
    "SA": (
        City(1473353380, "الرياض", "Riyadh"),
        City(566146469, "جدة", "Jeddah"),
        City(1939592358, "مكة المكرمة", "Mecca"),
        City(1298199463, "المدينة المنورة", "Medina"),
        City(525144736, "الدمام", "Dammam"),
        City(1764372897, "الأحساء", "Al Ahsa"),
        City(989286562, "القطيف", "Al Qatif"),
        City(349994915, "خميس مشيط", "Khamis Mushait"),
        City(1723506348, "المظيلف", "Almuzaylif"),
        City(814202285, "تبوك", "Tabuk"),
        City(40688814, "الهفوف", "Al Hofuf"),
        City(1548352431, "المبرز", "Al Mubarraz"),
        City(773200552, "نجران", "Najran"),
        City(2079537577, "حفر الباطن", "Hafar Al Batin"),
        City(1440241834, "الجبيل", "Al Jubail"),
    )
}
"""By ISO 3166 code. Ids are unique among cities alone. Source: Salla "List Cities"."""
