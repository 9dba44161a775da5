"""The words of the page of people."""

from sijill.localized import Localized

WORDS = {
    "nav_people": Localized("فريق المتجر", "People"),
    "people_about": Localized(
        "حسابات فريق المتجر وصلاحية كل حساب.",
        "Accounts of this store, and what each may do.",
    ),
    "people_name": Localized("الاسم", "Name"),
    "people_email": Localized("البريد الإلكتروني", "E-mail"),
    "people_role": Localized("الدور", "Role"),
    "people_since": Localized("منذ", "Since"),
    "people_state": Localized("الحالة", "State"),
    "people_may_enter": Localized("نشط", "Active"),
    "people_suspended": Localized("موقوف", "Suspended"),
    "people_you": Localized("أنت", "You"),
    "people_commands": Localized(
        "إيقاف الحساب أو حذفه أو تغيير كلمة مروره يتم على الخادم بالأوامر `sijill person`.",
        "The commands `sijill person` on the server suspend and delete accounts, and set "
        "passwords.",
    ),
    "people_invite": Localized("دعوة عضو", "Invite a person"),
    "people_invite_why": Localized(
        "يختار المدعو كلمة مروره بنفسه. ومن كان له حساب على هذا الخادم يُضاف إلى المتجر فورًا.",
        "Invited people choose their own passwords. People with an account on this server join at "
        "once.",
    ),
    "people_make_link": Localized("إنشاء رابط الدعوة", "Create the invitation link"),
    "people_invited": Localized("رابط الدعوة", "Invitation link"),
    "people_link": Localized("رابط الدعوة", "Invitation link"),
    "people_link_why": Localized(
        "أرسل هذا الرابط إلى صاحبه فقط. يعمل مرة واحدة، ولن يظهر هنا مرة أخرى.",
        "Give this link to the person alone. It works once, and is not shown again.",
    ),
    "people_until": Localized("صالح حتى", "Valid until"),
    "people_waiting": Localized("دعوات لم تُقبل بعد", "Pending invitations"),
    "people_withdraw": Localized("إلغاء الدعوة", "Withdraw"),
    "people_required": Localized("هذا الحقل مطلوب.", "This field is required."),
    "people_bad_name": Localized(
        "اكتب اسمًا أقصر دون محارف خفية.", "Write a shorter name, without invisible characters."
    ),
    "people_bad_email": Localized(
        "اكتب عنوان بريد مثل name@example.com", "Write an address like name@example.com"
    ),
    "people_other_role": Localized(
        "لصاحب هذا البريد حساب بدور مختلف. اختر الدور نفسه، أو اطلب من مدير الخادم تغيير دوره.",
        "This e-mail has an account in another role. Choose that role, or ask the operator of the "
        "server to change it.",
    ),
    "people_is_here": Localized(
        "هذا الشخص عضو في المتجر بالفعل.", "This person is of the store already."
    ),
    "done_person_added": Localized(
        "لهذا الشخص حساب على الخادم، وأصبح عضوًا في المتجر.",
        "This person had an account, and is now of the store.",
    ),
    "done_person_withdrawn": Localized("أُلغيت الدعوة.", "The invitation was withdrawn."),
    "people_change_role": Localized("تغيير الدور", "Change the role"),
    "people_role_why": Localized(
        "يسري الدور الجديد من الصفحة التالية التي يفتحها هذا الشخص، وفي كل متاجره.",
        "The new role applies from the next page that this person opens, in every store.",
    ),
    "people_save_role": Localized("حفظ الدور", "Save the role"),
    "people_may_viewer": Localized("يرى القيم مخفية", "sees masked values"),
    "people_may_support": Localized("يغيّر العملاء", "changes customers"),
    "people_may_owner": Localized("يفعل كل شيء", "may do everything"),
    "people_remove": Localized("إزالة من المتجر", "Remove from the store"),
    "people_ask_remove": Localized("إزالة…", "Remove…"),
    "people_remove_why": Localized(
        "لن يستطيع هذا الشخص دخول المتجر بعد ذلك. ويبقى حسابه، ويبقى دخوله إلى متاجره الأخرى.",
        "This person can no longer enter the store. The account stays, and still opens its other "
        "stores.",
    ),
    "people_own_role": Localized(
        "هذا حسابك. سيصبح دورك: {}. وقد لا تستطيع استعادة دورك الحالي بنفسك.",
        "This is your own account. Your role will be: {}. You may not be able to take it back.",
    ),
    "people_own_remove": Localized(
        "هذا حسابك أنت. لن تدخل هذا المتجر بعد ذلك، ولن تستطيع الرجوع إليه بنفسك.",
        "This is your own account. You will no longer enter this store, and cannot return by "
        "yourself.",
    ),
    "people_kept_no_role": Localized("اختر دورًا من القائمة.", "Choose a role of the list."),
    "people_kept_not_owner": Localized(
        "لم تعد مالكًا لهذا المتجر.", "You are no longer an owner of this store."
    ),
    "people_kept_last_owner": Localized(
        "لا بد لكل متجر من مالك يستطيع الدخول، وهذا آخر مالك. اجعل غيره مالكًا أولًا.",
        "Every store needs an owner who may sign in, and this is the last one. Make another person "
        "an owner first.",
    ),
    "people_kept_elsewhere": Localized(
        "هذا الشخص عضو في متجر آخر لا تملكه، ودوره واحد في كل المتاجر. اطلب من مدير الخادم تغييره.",
        "This person has a store that is not yours, where the role counts too. Ask the operator of "
        "the server to change it.",
    ),
    "done_person_role": Localized("تغيّر الدور.", "The role is changed."),
    "done_person_removed": Localized(
        "أُزيل الشخص من المتجر.", "The person was removed from the store."
    ),
}
