"""Every word of the pages in Arabic and English; those of problems and of scopes have files."""

from functools import cache
from typing import NamedTuple

from sijill.http.languages import Language
from sijill.oauth.passwords import LEAST, MOST


class Text(NamedTuple):
    """One text in both languages; what stands in braces is filled in where it is shown."""

    ar: str
    en: str

    def spoken(self, language: Language) -> str:
        """Return it in one language."""
        return self.ar if language == "ar" else self.en


WORDS = {
    "brand": Text("سجل", "Sijill"),
    "other_language": Text("English", "العربية"),
    "error": Text("خطأ", "Error"),
    "email": Text("البريد الإلكتروني", "E-mail"),
    "password": Text("كلمة المرور", "Password"),
    "sign_in": Text("تسجيل الدخول", "Sign in"),
    "sign_out": Text("تسجيل الخروج", "Sign out"),
    "signed_in_as": Text("الحساب", "Signed in as"),
    # Sign in
    "login_client": Text(
        "التطبيق {app} ينتظر جوابك. سجّل الدخول لترى ما يطلبه.",
        "{app} is waiting for your answer. Sign in to see what it asks for.",
    ),
    "login_wrong": Text(
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.", "The e-mail or the password is wrong."
    ),
    "login_too_many": Text(
        "محاولات كثيرة. انتظر قليلًا ثم حاول مرة أخرى.",
        "Too many attempts. Wait a while, then try again.",
    ),
    "login_forgotten": Text(
        "نسيت كلمة المرور؟ يستطيع مدير هذا الخادم أن يضع لك كلمة جديدة.",
        "Forgotten your password? Whoever runs this server can set a new one.",
    ),
    # Consent
    "consent_title": Text("طلب وصول إلى متجرك", "A request for access to your store"),
    "consent_heading": Text(
        "يطلب التطبيق {app} الوصول إلى متجرك", "{app} asks for access to your store"
    ),
    "consent_scopes": Text("إذا سمحت له فسيتمكن من:", "If you allow it, it may:"),
    "consent_store": Text("المتجر", "Store"),
    "consent_choose": Text("إلى أي متجر؟", "To which store?"),
    "consent_no_store": Text(
        "لا تملك متجرًا تمنح الوصول إليه، فليس لك إلا الرفض.",
        "You own no store to give access to, so all you can do is deny.",
    ),
    "consent_onward": Text(
        "بعد جوابك ينتقل متصفحك إلى {origin}", "Your answer takes your browser to {origin}"
    ),
    "consent_trust": Text(
        "لا تسمح إلا لتطبيق تعرفه وتثق به.", "Allow it only if you know this app and trust it."
    ),
    "allow": Text("السماح", "Allow"),
    "deny": Text("الرفض", "Deny"),
    # Set-up
    "setup_heading": Text("إعداد سجل", "Set up Sijill"),
    "setup_intro": Text(
        "أنشئ حساب المالك الأول. به تسمح للتطبيقات بالوصول إلى متجرك أو ترفضها.",
        "Make the account of the first owner. With it you let apps into your store, or keep them "
        "out.",
    ),
    "setup_owns": Text(
        "سيملك هذا الحساب كل المتاجر الموجودة على هذا الخادم.",
        "It will own every store that is on this server.",
    ),
    "setup_faults": Text(
        "لم يُنشأ الحساب بعد. صحّح الحقول المشار إليها.",
        "The account was not made. Correct the fields that are marked.",
    ),
    "setup_submit": Text("إنشاء الحساب", "Create the account"),
    "name": Text("اسمك", "Your name"),
    "store": Text("اسم متجرك", "Name of your store"),
    "store_hint": Text(
        "تراه في صفحات الموافقة، ولا يكون أرقامًا فقط.",
        "You see it where apps ask for access. It cannot be digits alone.",
    ),
    "password_hint": Text(
        f"{LEAST} حرفًا على الأقل. جملة طويلة تتذكرها خير من كلمة معقدة.",
        f"At least {LEAST} characters. A long phrase you remember beats a short, complicated word.",
    ),
    "fault_required": Text("هذا الحقل مطلوب.", "Fill this in."),
    "fault_email": Text(
        "اكتب عنوان بريد مثل name@example.com", "Write an address like name@example.com"
    ),
    "fault_short": Text(
        f"قصيرة: اكتب {LEAST} حرفًا على الأقل.", f"Too short: write at least {LEAST} characters."
    ),
    "fault_long": Text(
        f"طويلة: اكتب {MOST} حرفًا على الأكثر.", f"Too long: write at most {MOST} characters."
    ),
    "fault_characters": Text(
        "طويل جدًا، أو فيه أحرف لا يمكن قبولها. اكتب غيره.",
        "Too long, or it holds characters that cannot be taken. Write another one.",
    ),
    "fault_taken": Text("مستخدم من قبل. اكتب غيره.", "Taken already. Write another one."),
    # Signed in
    "ready_heading": Text("تم تسجيل الدخول", "You are signed in"),
    "ready_stores": Text("متاجرك", "Your stores"),
    "ready_none": Text("لا متاجر لك حتى الآن.", "No store is yours yet."),
    "ready_next": Text("ما التالي؟", "What comes next"),
    "ready_app": Text(
        "سجّل تطبيقًا من طرفية الخادم:", "Register an app, in a terminal on the server:"
    ),
    "ready_then": Text(
        "ثم افتح التطبيق واربطه بمتجرك: يرسل متصفحك إلى هنا، فتسمح له أو ترفض.",
        "Then connect your store in the app: it sends your browser here, and you allow it or not.",
    ),
}
"""Key to text. Templates name keys; a key that is missing stops the page."""


@cache
def spoken(language: Language) -> dict[str, str]:
    """Return every word in one language."""
    return {key: text.spoken(language) for key, text in WORDS.items()}
