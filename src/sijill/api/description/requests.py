"""The shapes of what is sent: every field a body may hold, with its meaning."""

from sijill.api.description.oauth_shapes import OAUTH_REQUESTS
from sijill.api.description.schemas import shape
from sijill.api.description.wording import Json, Text
from sijill.customers.blacklist_wire import BAN
from sijill.customers.fields import CUSTOMER
from sijill.groups.fields import ADDITION, DEFAULT_GROUP, GROUP
from sijill.ledgers.loyalty_wire import POINTS_CHANGE
from sijill.ledgers.wallets_wire import MOVEMENT
from sijill.webhooks.fields import SUBSCRIPTION, WEBHOOK

REQUESTS: Json = {
    "GroupFields": GROUP.schema(
        sentence=Text(
            "ما يُكتب من المجموعة. كل حقل اختياري، والمجهول يُهمل.",
            "What is written of a group. Every field is optional, unknown ones are ignored.",
        ),
    ),
    "DefaultGroupFields": DEFAULT_GROUP.schema("features"),
    "GroupAddition": ADDITION.schema("group_id", "customers"),
    "Subscription": SUBSCRIPTION.schema("event", "url"),
    "WebhookFields": WEBHOOK.schema(
        sentence=Text(
            "ما يُكتب من الـ webhook. كل حقل اختياري، والمجهول يُهمل.",
            "What is written of a webhook. Every field is optional, unknown ones are ignored.",
        ),
    ),
    **OAUTH_REQUESTS,
    "Movement": MOVEMENT.schema("customer_id", "amount"),
    "PointsChange": POINTS_CHANGE.schema(),
    "ImportFile": shape(
        {
            "file": {
                "type": "string",
                "format": "binary",
                "description": Text(
                    "ملف العملاء، أوله العناوين. إن لم يُسمَّ حقل بهذا الاسم أُخذ الملف الوحيد.",
                    "The file of customers, its headings first. Where no field has this name, the "
                    "only file there is.",
                ),
            }
        }
    ),
    "Ban": BAN.schema("reason"),
    "CustomerFields": CUSTOMER.schema(
        sentence=Text(
            "ما يُكتب من العميل. كل حقل اختياري، والمجهول يُهمل؛ والفارغ في غير ما يُمحى خطأ.",
            "What is written of a customer. Every field is optional, unknown ones are ignored; "
            "an empty one is a fault where it does not clear.",
        ),
    ),
}
"""Every named body of a request. Shape: name to JSON Schema 2020-12, descriptions as Text."""
