"""The pages of the console, by their part."""

from typing import NamedTuple

from sijill.console.apps import AppPages
from sijill.console.audit import AuditPage
from sijill.console.customers.all_matches import AllMatches
from sijill.console.customers.changes import CustomerChanges
from sijill.console.customers.detail import CustomerDetail
from sijill.console.customers.lists import CustomerLists
from sijill.console.desk import Desk
from sijill.console.event_tests import EventTests
from sijill.console.groups import GroupPages
from sijill.console.health import HealthPage
from sijill.console.home import HomePages
from sijill.console.imports import ImportPages
from sijill.console.invitations import Invitations
from sijill.console.limits import LimitsPage
from sijill.console.live import LivePages
from sijill.console.mirror.pages import MirrorPages
from sijill.console.overview import OverviewPage
from sijill.console.people import PeoplePages
from sijill.console.webhooks import WebhookPages


class Console(NamedTuple):
    """Answers requests for the console; each part has its own pages."""

    home: HomePages
    overview: OverviewPage
    live: LivePages
    customers: CustomerLists
    customer: CustomerDetail
    customer_changes: CustomerChanges
    all_matches: AllMatches
    groups: GroupPages
    imports: ImportPages
    apps: AppPages
    webhooks: WebhookPages
    event_tests: EventTests
    limits: LimitsPage
    audit: AuditPage
    health: HealthPage
    people: PeoplePages
    invitations: Invitations
    mirror: MirrorPages


def console_of(desk: Desk) -> Console:
    """Return the console of a desk."""
    return Console(
        home=HomePages(desk),
        overview=OverviewPage(desk),
        live=LivePages(desk),
        customers=CustomerLists(desk),
        customer=CustomerDetail(desk),
        customer_changes=CustomerChanges(desk),
        all_matches=AllMatches(desk),
        groups=GroupPages(desk),
        imports=ImportPages(desk),
        apps=AppPages(desk),
        webhooks=WebhookPages(desk),
        event_tests=EventTests(desk),
        limits=LimitsPage(desk),
        audit=AuditPage(desk),
        health=HealthPage(desk),
        people=PeoplePages(desk),
        invitations=Invitations(desk),
        mirror=MirrorPages(desk),
    )
