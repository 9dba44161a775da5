"""The words of the page of people."""

from sijill.localized import Localized

WORDS = {
    "nav_people": Localized("الأشخاص", "People"),
    "people_about": Localized(
        "من لهم حساب في هذا المتجر، وما يجوز لكل منهم.",
        "Who has an account of this store, and what each may do.",
    ),
    "people_name": Localized("الاسم", "Name"),
    "people_email": Localized("البريد الإلكتروني", "E-mail"),
    "people_role": Localized("الدور", "Role"),
    "people_since": Localized("منذ", "Since"),
    "people_state": Localized("الحالة", "State"),
    "people_may_enter": Localized("يستطيع الدخول", "May sign in"),
    "people_suspended": Localized("موقوف", "Suspended"),
    "people_you": Localized("أنت", "You"),
    "people_commands": Localized(
        "تُضاف الحسابات وتتغيّر الأدوار بأوامر sijill person على الخادم.",
        "Accounts are made and roles are changed by the commands sijill person on the server.",
    ),
}
