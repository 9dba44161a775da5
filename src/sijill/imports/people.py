"""Names and places of made-up customers, in Arabic and in Latin letters."""

from typing import NamedTuple

MEN = (
    ("محمد", "Mohammed"), ("أحمد", "Ahmed"), ("علي", "Ali"), ("عبدالله", "Abdullah"),
    ("عبدالرحمن", "Abdulrahman"), ("عبدالعزيز", "Abdulaziz"), ("خالد", "Khalid"),
    ("فهد", "Fahad"), ("سعود", "Saud"), ("سلطان", "Sultan"), ("فيصل", "Faisal"),
    ("تركي", "Turki"), ("ناصر", "Nasser"), ("سعد", "Saad"), ("بندر", "Bandar"),
    ("ماجد", "Majed"), ("عمر", "Omar"), ("يوسف", "Yousef"), ("إبراهيم", "Ibrahim"),
    ("حسن", "Hassan"), ("حسين", "Hussain"), ("صالح", "Saleh"), ("مشعل", "Mishal"),
    ("نايف", "Naif"), ("طلال", "Talal"), ("زياد", "Ziyad"), ("راشد", "Rashid"),
    ("حمد", "Hamad"), ("جاسم", "Jassim"), ("سالم", "Salem"),
)  # fmt: skip
"""Men's first names: Arabic, Latin."""

WOMEN = (
    ("نورة", "Noura"), ("سارة", "Sarah"), ("فاطمة", "Fatimah"), ("عائشة", "Aisha"),
    ("مريم", "Maryam"), ("ريم", "Reem"), ("هند", "Hind"), ("لمى", "Lama"), ("أمل", "Amal"),
    ("منى", "Mona"), ("هيفاء", "Haifa"), ("العنود", "Alanoud"), ("الجوهرة", "Aljawhara"),
    ("شهد", "Shahad"), ("غادة", "Ghada"), ("دانة", "Dana"), ("لطيفة", "Latifa"),
    ("موضي", "Moudi"), ("رنا", "Rana"), ("جواهر", "Jawaher"), ("وعد", "Waad"),
    ("بدور", "Budoor"), ("أسماء", "Asma"), ("خديجة", "Khadijah"), ("رغد", "Raghad"),
)  # fmt: skip
"""Women's first names: Arabic, Latin."""

FAMILIES = (
    ("العتيبي", "Alotaibi"), ("القحطاني", "Alqahtani"), ("الغامدي", "Alghamdi"),
    ("الزهراني", "Alzahrani"), ("الشهري", "Alshehri"), ("الحربي", "Alharbi"),
    ("المطيري", "Almutairi"), ("الدوسري", "Aldossari"), ("الشمري", "Alshammari"),
    ("العنزي", "Alanazi"), ("السبيعي", "Alsubaie"), ("البقمي", "Albogami"),
    ("الرشيدي", "Alrashidi"), ("الجهني", "Aljohani"), ("البلوي", "Albalawi"),
    ("العمري", "Alamri"), ("الأحمدي", "Alahmadi"), ("المالكي", "Almalki"),
    ("الثقفي", "Althaqafi"), ("السلمي", "Alsulami"), ("اليامي", "Alyami"),
    ("عسيري", "Asiri"), ("الخالدي", "Alkhaldi"), ("الهاجري", "Alhajri"),
    ("المري", "Almarri"), ("العجمي", "Alajmi"), ("التميمي", "Altamimi"),
    ("السهلي", "Alsahli"), ("الفيفي", "Alfaifi"), ("النعيمي", "Alnuaimi"),
    ("الكعبي", "Alkaabi"), ("المنصوري", "Almansoori"), ("البلوشي", "Albalushi"),
    ("الحارثي", "Alharthi"), ("السويدي", "Alsuwaidi"), ("الكواري", "Alkuwari"),
    ("الصباغ", "Alsabbagh"), ("بخاري", "Bukhari"), ("باوزير", "Bawazir"),
    ("العمودي", "Alamoudi"), ("الراجحي", "Alrajhi"), ("الصقر", "Alsaqer"),
    ("القرني", "Alqarni"), ("الشريف", "Alsharif"), ("حكمي", "Hakami"),
)  # fmt: skip
"""Family names: Arabic, Latin."""


class Land(NamedTuple):
    """
    A country of the Gulf: names and cities in Arabic and Latin, and the shape of its mobiles.

    A mobile is one of `prefixes` and `digits` more; `share` is per hundred customers.
    """

    code: str
    names: tuple[str, str]
    currency: str
    calling_code: str
    prefixes: tuple[str, ...]
    digits: int
    share: int
    cities: tuple[tuple[str, str], ...]


LANDS = (
    Land(
        "SA", ("السعودية", "Saudi Arabia"), "SAR", "966",
        ("50", "53", "54", "55", "56", "57", "58", "59"), 7, 85,
        (
            ("الرياض", "Riyadh"), ("جدة", "Jeddah"), ("مكة المكرمة", "Makkah"),
            ("المدينة المنورة", "Madinah"), ("الدمام", "Dammam"), ("الخبر", "Khobar"),
            ("الطائف", "Taif"), ("تبوك", "Tabuk"), ("بريدة", "Buraydah"), ("أبها", "Abha"),
            ("حائل", "Hail"), ("نجران", "Najran"), ("جازان", "Jazan"), ("الجبيل", "Jubail"),
        ),
    ),
    Land(
        "AE", ("الإمارات العربية المتحدة", "United Arab Emirates"), "AED", "971",
        ("50", "52", "54", "55", "56", "58"), 7, 5,
        (("دبي", "Dubai"), ("أبوظبي", "Abu Dhabi"), ("الشارقة", "Sharjah"), ("العين", "Al Ain")),
    ),
    Land(
        "KW", ("الكويت", "Kuwait"), "KWD", "965",
        ("50", "55", "66", "90", "94", "97", "99"), 6, 4,
        (("الكويت", "Kuwait City"), ("حولي", "Hawalli"), ("السالمية", "Salmiya")),
    ),
    Land(
        "BH", ("البحرين", "Bahrain"), "BHD", "973",
        ("32", "33", "34", "35", "36", "37", "39"), 6, 2,
        (("المنامة", "Manama"), ("المحرق", "Muharraq"), ("الرفاع", "Riffa")),
    ),
    Land(
        "QA", ("قطر", "Qatar"), "QAR", "974",
        ("30", "33", "50", "55", "66", "70", "77"), 6, 2,
        (("الدوحة", "Doha"), ("الريان", "Al Rayyan"), ("الوكرة", "Al Wakrah")),
    ),
    Land(
        "OM", ("عُمان", "Oman"), "OMR", "968",
        ("91", "92", "93", "94", "95", "96", "97", "98", "99"), 6, 2,
        (("مسقط", "Muscat"), ("صلالة", "Salalah"), ("صحار", "Sohar")),
    ),
)  # fmt: skip
"""Source: the numbering plan of each country in libphonenumber."""

DISTRICTS = (
    ("حي النخيل", "Al Nakheel District"), ("حي الملقا", "Al Malqa District"),
    ("حي الروضة", "Al Rawdah District"), ("حي السلامة", "Al Salamah District"),
    ("حي العزيزية", "Al Aziziyah District"), ("حي الفيصلية", "Al Faisaliyah District"),
    ("حي الزهراء", "Al Zahra District"), ("حي النزهة", "Al Nuzha District"),
)  # fmt: skip

MAIL_HOSTS = ("example.com", "example.net", "example.org")
"""Nobody can register these names. Source: RFC 2606 §3."""
