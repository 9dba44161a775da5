"""What a person is told when a page cannot be shown: what happened, and what to do."""

from typing import NamedTuple

from sijill.oauth.wording import Text


class Problem(NamedTuple):
    """One kind of problem, a sentence each."""

    heading: Text
    happened: Text
    remedy: Text
    signs_in: bool = False
    """Whether signing in is a way on, which the page then links to."""


_TELL = Text(
    "لم يُمنح أي وصول. أبلغ صاحب التطبيق بما حدث.",
    "No access was given. Tell whoever made the app.",
)

PROBLEMS = {
    "unknown_client": Problem(
        Text("تطبيق غير معروف", "Unknown app"),
        Text(
            "أرسلك إلى هنا تطبيق غير مسجّل على هذا الخادم.",
            "The app that sent you here is not registered on this server.",
        ),
        _TELL,
    ),
    "unknown_redirect": Problem(
        Text("عنوان عودة غير مسجّل", "Unknown return address"),
        Text(
            "طلب التطبيق إرسالك بعد الموافقة إلى عنوان غير مسجّل له.",
            "The app wants you sent back to an address that is not registered for it.",
        ),
        _TELL,
    ),
    "repeated": Problem(
        Text("طلب غير واضح", "Ambiguous request"),
        Text(
            "ذكر التطبيق معرّفه أو عنوان العودة أكثر من مرة.",
            "The app gave its client_id or its return address more than once.",
        ),
        _TELL,
    ),
    "forged": Problem(
        Text("لم يُقبل النموذج", "The form was not accepted"),
        Text(
            "لم يأتِ النموذج من صفحة مفتوحة في هذا المتصفح، أو انتهت جلستك.",
            "It did not come from a page that is open in this browser, or your session has ended.",
        ),
        Text(
            "ارجع إلى الصفحة السابقة وأعد تحميلها، ثم حاول مرة أخرى.",
            "Go back, reload the page, and try again.",
        ),
    ),
    "used_link": Problem(
        Text("لم يعد هذا الرابط صالحًا", "This link is no longer good"),
        Text(
            "يعمل رابط الإعداد مرة واحدة ولمدة قصيرة، وقد استُخدم هذا الرابط أو انتهت مدته.",
            "A set-up link works once and for a short time; this one was used or has expired.",
        ),
        Text(
            "إن كان لك حساب فسجّل الدخول، وإلا فأعد تشغيل الخادم ليطبع رابطًا جديدًا.",
            "If you have an account, sign in; if not, restart the server, which prints a new link.",
        ),
        signs_in=True,
    ),
    "too_many": Problem(
        Text("محاولات كثيرة", "Too many attempts"),
        Text(
            "وصلت من عنوانك طلبات كثيرة في وقت قصير.",
            "Too many requests came from your address in a short time.",
        ),
        Text("انتظر قليلًا ثم حاول مرة أخرى.", "Wait a while, then try again."),
    ),
    "not_found": Problem(
        Text("الصفحة غير موجودة", "Page not found"),
        Text("لا توجد صفحة في هذا العنوان.", "There is no page at this address."),
        Text("تحقق من العنوان ثم حاول مرة أخرى.", "Check the address and try again."),
    ),
    "unavailable": Problem(
        Text("الخدمة غير متاحة الآن", "Not available right now"),
        Text(
            "لا يستطيع الخادم الوصول إلى بياناته في هذه اللحظة.",
            "The server cannot reach its data at the moment.",
        ),
        Text("حاول مرة أخرى بعد لحظات.", "Try again in a moment."),
    ),
    "server_error": Problem(
        Text("حدث خطأ في الخادم", "Something went wrong"),
        Text("تعذّر على الخادم إكمال طلبك.", "The server could not finish what you asked for."),
        Text(
            "حاول مرة أخرى، وإن تكرر الخطأ فأبلغ مدير الخادم.",
            "Try again; if it goes on, tell whoever runs this server.",
        ),
    ),
}
