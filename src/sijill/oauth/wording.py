"""The words of the pages in Arabic and English."""

from functools import cache
from typing import NamedTuple

from sijill.localized import Language, Localized
from sijill.oauth.fields import NAME_LENGTH
from sijill.oauth.password_rules import MAX_LENGTH as MAX
from sijill.oauth.password_rules import MIN_LENGTH as MIN

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
        "يطلب التطبيق {app} إذنك. سجّل الدخول لترى الصلاحيات المطلوبة.",
        "{app} is waiting for your answer. Sign in to see its request.",
    ),
    "login_wrong": Localized(
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.", "The e-mail or the password is wrong."
    ),
    "login_too_many": Localized(
        "محاولات كثيرة. انتظر قليلًا ثم حاول مرة أخرى.",
        "Too many attempts. Wait a while, then try again.",
    ),
    "login_forgotten": Localized(
        "نسيت كلمة المرور؟ اطلب من مدير هذا الخادم تعيين كلمة جديدة.",
        "Forgot your password? Ask the operator of this server to set a new one.",
    ),
    # Consent
    "consent_title": Localized("طلب الوصول إلى متجرك", "A request for access to your store"),
    "consent_heading": Localized(
        "يطلب التطبيق {app} الوصول إلى متجرك", "{app} asks for access to your store"
    ),
    "consent_scopes": Localized("إذا سمحت له فسيتمكن من:", "If you allow it, the app may:"),
    "consent_store": Localized("المتجر", "Store"),
    "consent_choose": Localized("إلى أي متجر؟", "To which store?"),
    "consent_no_store": Localized(
        "ليس لديك متجر على هذا الخادم، فلا يمكنك إلا رفض الطلب.",
        "You own no store, so you can only deny access.",
    ),
    "consent_onward": Localized(
        "بعد اختيارك ينتقل متصفحك إلى {origin}", "Your answer takes your browser to {origin}"
    ),
    "consent_trust": Localized(
        "لا تسمح إلا لتطبيق تعرفه وتثق به.", "Allow it only if you know this app and trust it."
    ),
    "allow": Localized("السماح", "Allow"),
    "deny": Localized("الرفض", "Deny"),
    # Set-up
    "setup_heading": Localized("إعداد سجل", "Set up Sijill"),
    "setup_intro": Localized(
        "أنشئ حساب المالك الأول، وبه تسمح للتطبيقات بالوصول إلى متجرك أو ترفضها.",
        "Create the account of the first owner. You use it to allow apps to access your "
        "store, or to deny them.",
    ),
    "setup_owns": Localized(
        "سيملك هذا الحساب جميع المتاجر على هذا الخادم.",
        "It will own every store that is on this server.",
    ),
    "setup_faults": Localized(
        "لم يُنشأ الحساب. صحّح الحقول المشار إليها.",
        "The account was not created yet. Correct the marked fields.",
    ),
    "setup_submit": Localized("إنشاء الحساب", "Create the account"),
    # Invitation
    "invited_heading": Localized("دعوة إلى متجر", "An invitation to a store"),
    "invited_intro": Localized(
        "اختر كلمة مرور لإنشاء حسابك في المتجر:", "Choose a password for your account of the store"
    ),
    "invited_role": Localized("دورك", "Your role"),
    "role_viewer": Localized("اطّلاع فقط", "Viewer"),
    "role_support": Localized("دعم العملاء", "Support"),
    "role_owner": Localized("مالك", "Owner"),
    "name": Localized("اسمك", "Your name"),
    "store": Localized("اسم متجرك", "Name of your store"),
    "store_hint": Localized(
        "يظهر في صفحات طلب الوصول، ولا يصح أن يكون أرقامًا فقط.",
        "Shown when apps ask for access. It cannot be digits alone.",
    ),
    "password_hint": Localized(
        f"{MIN} حرفًا على الأقل. جملة طويلة تتذكرها خير من كلمة معقدة.",
        f"At least {MIN} characters. A long phrase you remember beats a short, complicated word.",
    ),
    "fault_required": Localized("هذا الحقل مطلوب.", "This field is required."),
    "fault_email": Localized(
        "اكتب عنوان بريد مثل name@example.com", "Write an address like name@example.com"
    ),
    "fault_short": Localized(
        f"كلمة المرور قصيرة: اكتب {MIN} حرفًا على الأقل.",
        f"Too short: write at least {MIN} characters.",
    ),
    "fault_long": Localized(
        f"كلمة المرور طويلة: اكتب {MAX} حرفًا على الأكثر.",
        f"Too long: write at most {MAX} characters.",
    ),
    "fault_too_long": Localized(
        f"أطول من {NAME_LENGTH} حرفًا. اكتب اسمًا أقصر.",
        f"Longer than {NAME_LENGTH} characters. Write a shorter name.",
    ),
    "fault_characters": Localized(
        "يحتوي على محرف غير مرئي أو يعكس اتجاه الكتابة. اكتبه يدويًا دون نسخ ولصق.",
        "It holds an invisible control character, or one that reverses text. Type it without "
        "pasting.",
    ),
    "fault_digits": Localized(
        "لا يصح أن يكون الاسم أرقامًا فقط، فالأوامر تقرأ الأرقام معرّفًا. أضف إليه حرفًا.",
        "A name cannot be digits alone: commands read digits as an id. Add a letter.",
    ),
    "fault_taken": Localized("مستخدم من قبل. اختر غيره.", "Already in use. Choose another one."),
    # A value at fault
    "client_label": Localized("معرّف التطبيق:", "Its client_id:"),
    "client_add": Localized(
        "إذا كنت مدير هذا الخادم فقارنه بالتطبيقات المسجّلة، أو سجّل التطبيق، من سطر الأوامر "
        "(وفي البيئة التجريبية أضف \u200e--demo إلى كل أمر):",
        "If you operate this server, compare it with the registered apps, or register the app, in "
        "a terminal (for a sandbox, add --demo to each command):",
    ),
    "redirect_address": Localized("الرابط المطلوب:", "The address:"),
    "redirect_add": Localized(
        "إذا كنت مدير هذا الخادم وكان الرابط للتطبيق حقًا، فسجّله من سطر الأوامر "
        "(وفي البيئة التجريبية أضف \u200e--demo إلى الأمر):",
        "If you operate this server and the address is really the app's, register it in a "
        "terminal (for a sandbox, add --demo to the command):",
    ),
    "redirect_rule": Localized(
        "لا يمكن تسجيل هذا الرابط: يجب أن يكون https، أو http على هذا الجهاز نفسه، بأحرف ASCII، "
        "دون جزء بعد #، ومنفذه 65535 على الأكثر.",
        "This address cannot be registered: it has to be https, or http on this machine itself, in "
        "ASCII, without a fragment, and with a port up to 65535.",
    ),
    "open_console": Localized("فتح لوحة التحكم", "Open the console"),
    # Signed in
    "ready_heading": Localized("تم تسجيل الدخول", "You are signed in"),
    "ready_stores": Localized("متاجرك", "Your stores"),
    "ready_none": Localized("لا تملك أي متجر حتى الآن.", "You own no store yet."),
    "ready_next": Localized("الخطوة التالية", "Next step"),
    "ready_app": Localized(
        "سجّل تطبيقًا من سطر الأوامر على الخادم:", "Register an app, in a terminal on the server:"
    ),
    "ready_then": Localized(
        "ثم افتح التطبيق واربطه بمتجرك: ينقل متصفحك إلى هنا، فتسمح له أو ترفض.",
        "Then connect your store in the app: it sends your browser here, and you allow or deny "
        "access.",
    ),
}
"""Key to text. Templates name keys; a missing key stops the page."""


@cache
def words(language: Language) -> dict[str, str]:
    """Return every word in one language."""
    return {key: text.render(language) for key, text in WORDS.items()}


class Problem(NamedTuple):
    """The sentences of a page that explains a problem."""

    heading: Localized
    happened: Localized
    remedy: Localized
    signs_in: bool = False
    """Whether the page links to the form to sign in."""
    leads_on: bool = False
    """Whether the page links to the console."""


_TELL = Localized(
    "لم يحصل التطبيق على أي وصول. أبلغ مطوّره بما حدث.",
    "The app got no access. Tell its developer.",
)

PROBLEMS = {
    "missing_client": Problem(
        Localized("طلب بلا تطبيق", "No app named"),
        Localized(
            "لا يذكر العنوان التطبيق الذي يطلب الوصول: معرّفه غائب أو فارغ.",
            "The address does not say which app asks for access: its client_id is missing or "
            "empty.",
        ),
        _TELL,
    ),
    "unknown_client": Problem(
        Localized("تطبيق غير معروف", "Unknown app"),
        Localized(
            "أرسلك إلى هنا تطبيق غير مسجّل على هذا الخادم.",
            "The app that sent you here is not registered on this server.",
        ),
        Localized(
            "لم يحصل التطبيق على أي وصول. على مطوّره أن يتحقق من المعرّف ومن عنوان الخادم: قد "
            "يكون التطبيق مسجّلًا على خادم آخر.",
            "The app got no access. Its developer should check the client_id and the address of "
            "the server: the app may be registered on another one.",
        ),
    ),
    "unknown_redirect": Problem(
        Localized("رابط إعادة توجيه غير مسجّل", "Unknown return address"),
        Localized(
            "طلب التطبيق إعادتك إلى رابط غير مسجّل له.",
            "The app asked to send you back to an address that is not registered for it.",
        ),
        _TELL,
    ),
    "missing_redirect": Problem(
        Localized("لا يوجد رابط إعادة توجيه", "No return address"),
        Localized(
            "لم يحدد التطبيق رابط إعادة التوجيه، وليس له رابط مسجّل أو له أكثر من رابط.",
            "The app does not say where to send you back, and it does not have exactly one "
            "registered address.",
        ),
        _TELL,
    ),
    "repeated": Problem(
        Localized("طلب ملتبس", "Ambiguous request"),
        Localized(
            "ذكر التطبيق معرّفه أو رابط إعادة التوجيه أكثر من مرة.",
            "The app sent its client_id or its return address more than once.",
        ),
        _TELL,
    ),
    "not_permitted": Problem(
        Localized("لا يسمح دورك بذلك", "Your role does not permit that"),
        Localized(
            "ما طلبته متاح لأدوار أخرى في المتجر. والسماح للتطبيقات بالوصول إليه للمالك فقط.",
            "Other roles of the store may do what you asked for. Only an owner may let apps in.",
        ),
        Localized(
            "اطلب ذلك من مالك المتجر، أو اطلب منه أن يغيّر دورك.",
            "Ask an owner of the store to do it, or to change your role.",
        ),
        leads_on=True,
    ),
    "forged": Problem(
        Localized("لم يُقبل النموذج", "The form was not accepted"),
        Localized(
            "لم يأتِ النموذج من صفحة مفتوحة في هذا المتصفح، أو انتهت جلستك.",
            "It did not come from a page that is open in this browser, or your session has ended.",
        ),
        Localized(
            "ارجع إلى الصفحة السابقة وأعد تحميلها، ثم حاول مرة أخرى.",
            "Go back, reload the page, and try again.",
        ),
    ),
    "no_cookie": Problem(
        Localized("لم يُقبل النموذج", "The form was not accepted"),
        Localized(
            "لم يرسل متصفحك ملف تعريف الارتباط الذي تلقّاه مع الصفحة.",
            "Your browser did not send back the cookie that came with the page.",
        ),
        Localized(
            "اسمح بملفات تعريف الارتباط وأعد تحميل الصفحة. ولا تحفظها المتصفحات عبر http من جهاز "
            "آخر: افتح الصفحة عبر https، ويقدّمه الخادم بالخيار \u200e--tls.",
            "Allow cookies, and reload the page. Browsers keep none over http from another "
            "machine: open the page over https, which the server speaks with the option --tls.",
        ),
    ),
    "used_link": Problem(
        Localized("لم يعد هذا الرابط صالحًا", "This link no longer works"),
        Localized(
            "يعمل الرابط مرة واحدة ولمدة قصيرة، وقد استُخدم أو انتهت مدته أو أُلغي.",
            "A link works once, for a short time. This one was used, expired, or was withdrawn.",
        ),
        Localized(
            "إن كان لك حساب فسجّل الدخول. وإلا فاطلب رابطًا جديدًا ممن دعاك؛ وإن كنت مدير الخادم "
            "فأعد تشغيله ليطبع رابط إعداد جديدًا.",
            "If you have an account, sign in. If not, ask the person who invited you for a new "
            "link, or restart the server, which prints the link to set it up.",
        ),
        signs_in=True,
    ),
    "too_many": Problem(
        Localized("محاولات كثيرة", "Too many attempts"),
        Localized(
            "وصلت من عنوانك طلبات كثيرة في وقت قصير.",
            "Too many requests came from your address in a short time.",
        ),
        Localized("انتظر قليلًا ثم حاول مرة أخرى.", "Wait a while, then try again."),
    ),
    "not_found": Problem(
        Localized("الصفحة غير موجودة", "Page not found"),
        Localized("لا توجد صفحة بهذا العنوان.", "There is no page at this address."),
        Localized("تحقق من العنوان ثم حاول مرة أخرى.", "Check the address and try again."),
        leads_on=True,
    ),
    "unavailable": Problem(
        Localized("الخدمة غير متاحة الآن", "Not available right now"),
        Localized(
            "تعذّر على الخادم الوصول إلى بياناته.", "The server cannot reach its data at the moment."
        ),
        Localized("حاول مرة أخرى بعد لحظات.", "Try again in a moment."),
    ),
    "server_error": Problem(
        Localized("حدث خطأ في الخادم", "Server error"),
        Localized("تعذّر على الخادم إكمال طلبك.", "The server could not finish your request."),
        Localized(
            "حاول مرة أخرى، وإن تكرر الخطأ فأبلغ مدير الخادم.",
            "Try again; if it fails again, tell the operator of the server.",
        ),
    ),
}
