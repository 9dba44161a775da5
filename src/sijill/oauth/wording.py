"""The words of the pages in Arabic and English; `problems.py` has those of problems."""

from collections.abc import Collection
from functools import cache

from sijill.localized import Language, Localized
from sijill.oauth.passwords import MAX_LENGTH as MAX
from sijill.oauth.passwords import MIN_LENGTH as MIN
from sijill.oauth.scopes import OFFLINE

WORDS = {
    "brand": Localized("سجل", "Sijill"),
    "other_language": Localized("English", "العربية"),
    "error": Localized("خطأ", "Error"),
    "email": Localized("البريد الإلكتروني", "E-mail"),
    "password": Localized("كلمة المرور", "Password"),
    "sign_in": Localized("تسجيل الدخول", "Sign in"),
    "sign_out": Localized("تسجيل الخروج", "Sign out"),
    "signed_in_as": Localized("الحساب", "Signed in as"),
    # Sign in
    "login_client": Localized(
        "التطبيق {app} ينتظر جوابك. سجّل الدخول لترى ما يطلبه.",
        "{app} is waiting for your answer. Sign in to see what it asks for.",
    ),
    "login_wrong": Localized(
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.", "The e-mail or the password is wrong."
    ),
    "login_too_many": Localized(
        "محاولات كثيرة. انتظر قليلًا ثم حاول مرة أخرى.",
        "Too many attempts. Wait a while, then try again.",
    ),
    "login_forgotten": Localized(
        "نسيت كلمة المرور؟ يستطيع مدير هذا الخادم أن يضع لك كلمة جديدة.",
        "Forgotten your password? Whoever runs this server can set a new one.",
    ),
    # Consent
    "consent_title": Localized("طلب وصول إلى متجرك", "A request for access to your store"),
    "consent_heading": Localized(
        "يطلب التطبيق {app} الوصول إلى متجرك", "{app} asks for access to your store"
    ),
    "consent_scopes": Localized("إذا سمحت له فسيتمكن من:", "If you allow it, it may:"),
    "consent_store": Localized("المتجر", "Store"),
    "consent_choose": Localized("إلى أي متجر؟", "To which store?"),
    "consent_no_store": Localized(
        "لا تملك متجرًا تمنح الوصول إليه، فليس لك إلا الرفض.",
        "You own no store to give access to, so all you can do is deny.",
    ),
    "consent_onward": Localized(
        "بعد جوابك ينتقل متصفحك إلى {origin}", "Your answer takes your browser to {origin}"
    ),
    "consent_trust": Localized(
        "لا تسمح إلا لتطبيق تعرفه وتثق به.", "Allow it only if you know this app and trust it."
    ),
    "allow": Localized("السماح", "Allow"),
    "deny": Localized("الرفض", "Deny"),
    # Set-up
    "setup_heading": Localized("إعداد سجل", "Set up Sijill"),
    "setup_intro": Localized(
        "أنشئ حساب المالك الأول. به تسمح للتطبيقات بالوصول إلى متجرك أو ترفضها.",
        "Make the account of the first owner. With it you let apps into your store, or keep them "
        "out.",
    ),
    "setup_owns": Localized(
        "سيملك هذا الحساب كل المتاجر الموجودة على هذا الخادم.",
        "It will own every store that is on this server.",
    ),
    "setup_faults": Localized(
        "لم يُنشأ الحساب بعد. صحّح الحقول المشار إليها.",
        "The account was not made. Correct the fields that are marked.",
    ),
    "setup_submit": Localized("إنشاء الحساب", "Create the account"),
    "name": Localized("اسمك", "Your name"),
    "store": Localized("اسم متجرك", "Name of your store"),
    "store_hint": Localized(
        "تراه في صفحات الموافقة، ولا يكون أرقامًا فقط.",
        "You see it where apps ask for access. It cannot be digits alone.",
    ),
    "password_hint": Localized(
        f"{MIN} حرفًا على الأقل. جملة طويلة تتذكرها خير من كلمة معقدة.",
        f"At least {MIN} characters. A long phrase you remember beats a short, complicated word.",
    ),
    "fault_required": Localized("هذا الحقل مطلوب.", "Fill this in."),
    "fault_email": Localized(
        "اكتب عنوان بريد مثل name@example.com", "Write an address like name@example.com"
    ),
    "fault_short": Localized(
        f"قصيرة: اكتب {MIN} حرفًا على الأقل.",
        f"Too short: write at least {MIN} characters.",
    ),
    "fault_long": Localized(
        f"طويلة: اكتب {MAX} حرفًا على الأكثر.",
        f"Too long: write at most {MAX} characters.",
    ),
    "fault_characters": Localized(
        "طويل جدًا، أو فيه أحرف لا يمكن قبولها. اكتب غيره.",
        "Too long, or it holds characters that cannot be taken. Write another one.",
    ),
    "fault_taken": Localized("مستخدم من قبل. اكتب غيره.", "Taken already. Write another one."),
    # Signed in
    "ready_heading": Localized("تم تسجيل الدخول", "You are signed in"),
    "ready_stores": Localized("متاجرك", "Your stores"),
    "ready_none": Localized("لا متاجر لك حتى الآن.", "No store is yours yet."),
    "ready_next": Localized("ما التالي؟", "What comes next"),
    "ready_app": Localized(
        "سجّل تطبيقًا من طرفية الخادم:", "Register an app, in a terminal on the server:"
    ),
    "ready_then": Localized(
        "ثم افتح التطبيق واربطه بمتجرك: يرسل متصفحك إلى هنا، فتسمح له أو ترفض.",
        "Then connect your store in the app: it sends your browser here, and you allow it or not.",
    ),
}
"""Key to text. Templates name keys; a key that is missing stops the page."""


@cache
def words(language: Language) -> dict[str, str]:
    """Return every word in one language."""
    return {key: text.render(language) for key, text in WORDS.items()}


NOUNS = {
    "customers": Localized("بيانات العملاء", "customers' data"),
    "customer-wallets": Localized(
        "محافظ العملاء وأرصدتها", "customers' wallets and their balances"
    ),
    "metadata": Localized("قوائم الدول والمدن واللغات", "lists of countries, cities and languages"),
    "settings": Localized("إعدادات المتجر", "the store's settings"),
    "webhooks": Localized("إشعارات الأحداث (Webhooks)", "notifications of events (webhooks)"),
    "orders": Localized("الطلبات", "orders"),
    "products": Localized("المنتجات", "products"),
    "carts": Localized("سلال التسوق", "shopping carts"),
    "branches": Localized("الفروع", "branches"),
    "categories": Localized("التصنيفات", "categories"),
    "brands": Localized("العلامات التجارية", "brands"),
    "payments": Localized("المدفوعات", "payments"),
    "taxes": Localized("الضرائب", "taxes"),
    "specialoffers": Localized("العروض الخاصة", "special offers"),
    "shippings": Localized("شركات الشحن وخياراته", "shipping companies and options"),
    "marketing": Localized("أدوات التسويق", "marketing tools"),
    "shipments": Localized("الشحنات", "shipments"),
    "transactions": Localized("المعاملات المالية", "payment transactions"),
    "subscriptions": Localized("الاشتراكات", "subscriptions"),
}
"""Each of `oauth.scopes.RESOURCES`, in the order an owner is told; in Arabic, ها takes each up."""

_READ = Localized("الاطلاع على {noun}", "Read {noun}")
_READ_WRITE = Localized("الاطلاع على {noun} وتعديلها", "Read and change {noun}")
_OFFLINE = Localized("البقاء متصلًا في غيابك", "Stay connected when you are away")


def permissions(scopes: Collection[str], language: Language) -> list[str]:
    """
    Return a sentence for each scope; one that another of them includes has none of its own.

    Raises: KeyError for a scope nobody knows.
    """
    place = {name: place for place, name in enumerate(NOUNS)}
    may = dict(sorted(scope.split(".") for scope in scopes if scope != OFFLINE))
    told = [_told(name, may[name], language) for name in sorted(may, key=place.__getitem__)]
    return [*told, _OFFLINE.render(language)] if OFFLINE in scopes else told


def _told(name: str, may: str, language: Language) -> str:
    sentence = {"read": _READ, "read_write": _READ_WRITE}[may]
    return sentence.render(language).format(noun=NOUNS[name].render(language))
