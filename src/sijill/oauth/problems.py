"""What a person is told when a page cannot be shown: what happened, and what to do."""

from typing import NamedTuple

from sijill.localized import Localized


class Problem(NamedTuple):
    """One kind of problem, a sentence each."""

    heading: Localized
    happened: Localized
    remedy: Localized
    signs_in: bool = False
    """Whether signing in is a way on, which the page then links to."""


_TELL = Localized(
    "لم يُمنح أي وصول. أبلغ صاحب التطبيق بما حدث.",
    "No access was given. Tell whoever made the app.",
)

PROBLEMS = {
    "unknown_client": Problem(
        Localized("تطبيق غير معروف", "Unknown app"),
        Localized(
            "أرسلك إلى هنا تطبيق غير مسجّل على هذا الخادم.",
            "The app that sent you here is not registered on this server.",
        ),
        _TELL,
    ),
    "unknown_redirect": Problem(
        Localized("عنوان عودة غير مسجّل", "Unknown return address"),
        Localized(
            "طلب التطبيق إرسالك بعد الموافقة إلى عنوان غير مسجّل له.",
            "The app wants you sent back to an address that is not registered for it.",
        ),
        _TELL,
    ),
    "repeated": Problem(
        Localized("طلب غير واضح", "Ambiguous request"),
        Localized(
            "ذكر التطبيق معرّفه أو عنوان العودة أكثر من مرة.",
            "The app gave its client_id or its return address more than once.",
        ),
        _TELL,
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
    "used_link": Problem(
        Localized("لم يعد هذا الرابط صالحًا", "This link is no longer good"),
        Localized(
            "يعمل رابط الإعداد مرة واحدة ولمدة قصيرة، وقد استُخدم هذا الرابط أو انتهت مدته.",
            "A set-up link works once and for a short time; this one was used or has expired.",
        ),
        Localized(
            "إن كان لك حساب فسجّل الدخول، وإلا فأعد تشغيل الخادم ليطبع رابطًا جديدًا.",
            "If you have an account, sign in; if not, restart the server, which prints a new link.",
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
        Localized("لا توجد صفحة في هذا العنوان.", "There is no page at this address."),
        Localized("تحقق من العنوان ثم حاول مرة أخرى.", "Check the address and try again."),
    ),
    "unavailable": Problem(
        Localized("الخدمة غير متاحة الآن", "Not available right now"),
        Localized(
            "لا يستطيع الخادم الوصول إلى بياناته في هذه اللحظة.",
            "The server cannot reach its data at the moment.",
        ),
        Localized("حاول مرة أخرى بعد لحظات.", "Try again in a moment."),
    ),
    "server_error": Problem(
        Localized("حدث خطأ في الخادم", "Something went wrong"),
        Localized("تعذّر على الخادم إكمال طلبك.", "The server could not finish what you asked for."),
        Localized(
            "حاول مرة أخرى، وإن تكرر الخطأ فأبلغ مدير الخادم.",
            "Try again; if it goes on, tell whoever runs this server.",
        ),
    ),
}
