"""
The table of commands: where the function of each stands, and its help.

The file is long because the table is: nothing stands in it but words.
"""

GROUPS = {
    "": "Sijill: a self-hosted customer register that speaks Salla's Customers API.",
    "store": "Stores: the tenants of the register.",
    "customer": "Customers of a store.",
    "person": "People with an account, and their roles: viewer, support, owner.",
    "app": "Apps: the programs that act in stores.",
    "token": "Access tokens of apps in stores.",
    "webhook": "Webhooks: subscriptions of apps, and their deliveries.",
    "tls": "HTTPS for unmodified clients.",
    "imports": "Files of customers that apps uploaded.",
    "audit": "The audit log: who saw or changed whose data, when and through what.",
    "privacy": "The rights of persons: access, erasure, holds, requests, records.",
    "privacy hold": "Persons whose data must stay for now.",
    "privacy requests": "What persons asked for, and until when it is due.",
    "mirror": "Live copies of real stores: linked, watched, compared.",
    "drift": "Changes in the shape of upstream's answers.",
    "keys": "The keys that seal secrets.",
    "ns": "Namespaces of the sandbox: each is a store of its own.",
    "ns token": "Access tokens of a namespace.",
    "fault": "Faults that requests to the sandbox meet.",
    "fault webhook": "Faults that webhooks of the sandbox meet.",
    "snapshot": "Saved states of a namespace of the sandbox.",
    "state": "The state of a namespace of the sandbox as a file.",
}
"""The first words of commands that have several, and their help."""

ALIASES = {"owner": "person"}
"""Other names of groups."""

WITH_COMMANDS = {"backup", "clock", "deliveries", "sandbox"}
"""The commands that are the first word of others too."""

COMMANDS = {
    "running": {
        "serve": "Serve the register until a signal. Every setting is an option.",
        "demo": "The former name of sijill sandbox.",
        "sandbox": "Serve a demo store with a ready token, and what tests need: namespaces, a "
        "clock that moves, faults on demand.\n\n"
        "The default namespace is stored in a folder of its own, which starts clean; the others "
        "are in memory.",
        "deliver": "Deliver webhooks until a signal. Several may run at once, on several machines "
        "too.\n\nThis command delivers even if the setting webhooks is off.",
    },
    "starting": {
        "sandbox start": "Start a sandbox in the background, and return once it answers.\n\n"
        "The options are those of sijill sandbox. One data folder has one sandbox.",
    },
    "background": {
        "sandbox stop": "Stop the sandbox of the data folder, and wait for its end.",
        "sandbox status": "Show the sandbox of the data folder; exit code 69 if no sandbox runs.",
        "sandbox wait": "Wait until the sandbox answers; exit code 69 if it does not in time.\n\n"
        "The variable SIJILL_URL names another sandbox than that of the data folder.",
        "sandbox logs": "Print the log of the last sandbox in the background.",
        "sandbox env": "Print the variables of the sandbox, for a shell to eval: SIJILL_URL, "
        "SIJILL_TOKEN, SIJILL_ADMIN_TOKEN, SIJILL_CLIENT_ID and SIJILL_CLIENT_SECRET.",
    },
    "namespaces": {
        "ns create": "Make a namespace, and print its address and its secrets.",
        "ns list": "List the namespaces and their addresses.",
        "ns reset": "Reset a namespace to its beginning.",
        "ns settle": "Wait until imports, groups and due deliveries of a namespace are at rest.",
        "ns rm": "Remove a namespace. The default namespace cannot be removed.",
    },
    "namespace_tokens": {
        "ns token list": "List the access tokens of a namespace, without their texts.",
        "ns token expire": "Let a token expire now. Its refresh token stays valid.",
        "ns token revoke": "Revoke a token and its refresh token.",
    },
    "clock": {
        "clock": "Show the time of a namespace, and move it.",
        "clock show": "Show the time, whether the clock is stopped, and when the next delivery is "
        "due.",
        "clock advance": "Move the clock on. Deliveries that are due on the way are made.",
        "clock set": "Move the clock to a moment. Deliveries that are due on the way are made.",
        "clock freeze": "Stop the clock.",
        "clock resume": "Let the clock run again, from the time it shows.",
    },
    "faults": {
        "fault add": "Add a rule that says which requests fail, and how.\n\n"
        "The rule is added after the others: the first rule that fits a request decides.",
        "fault list": "List the rules, with their hits and whether they are spent.",
        "fault clear": "Remove every rule.",
    },
    "webhook_faults": {
        "fault webhook add": "Add a rule that says which deliveries fail, and how.\n\n"
        "The rule is added after the others: the first rule that fits an attempt decides.",
        "fault webhook list": "List the rules, with their hits and whether they are spent.",
        "fault webhook clear": "Remove every rule.",
    },
    "snapshots": {
        "snapshot save": "Save the rows and the time of a namespace.",
        "snapshot load": "Return a namespace to a snapshot.",
        "snapshot list": "List the snapshots of a namespace.",
        "snapshot rm": "Remove a snapshot.",
    },
    "states": {
        "state save": "Save the rows and the time of a namespace as a file.\n\n"
        "The file holds customers, and the secrets of webhooks.",
        "state load": "Give a namespace the rows and the time of a file; it keeps its own secrets.",
    },
    "journal": {
        "requests": "List the requests that a namespace got, the oldest first, or wait for them.",
        "deliveries": "List the attempts to deliver webhooks of a namespace, the oldest first, or "
        "wait for them.",
        "deliveries release": "Send the deliveries that a rule holds, one after another.",
        "operations": "List the names of operations, for the option --op of other commands.",
    },
    "stores": {
        "store create": "Create a store.",
        "store list": "List the stores.",
        "store show": "Show everything that was set of a store, its people and its customers.",
        "store update": "Change a store: each option replaces a value.",
        "store delete": "Delete a store with its customers, groups, tokens, webhooks and imports.",
    },
    "customers": {
        "customer find": "Find customers by name, mobile or e-mail, as the search of the API does.",
        "customer show": "Show everything that is stored of a customer.",
        "customer ban": "Ban a customer; the events customer.updated follow.",
        "customer unban": "Remove the ban of a customer.",
        "customer erase": "Delete a customer, with memberships, wallet and points.\n\n"
        "The bodies of events about the customer are deleted, and waiting deliveries are not sent. "
        "No other customer gets the id.",
    },
    "people": {
        "person create": "Create the account of a person. The command asks twice for the password.",
        "person list": "List the people, their roles and their stores.",
        "person show": "Show a person and the stores.",
        "person update": "Change a person: each option replaces a value.",
        "person password": "Set a new password, and end the person's sessions.",
        "person delete": "Delete a person, who is signed out everywhere.",
    },
    "roles": {
        "person role": "Give a person another role. The next page of a session obeys it.",
        "person rename": "Give a person another name.",
        "person suspend": "Let a person sign in no more, and end the person's sessions.",
        "person resume": "Let a suspended person sign in again.",
    },
    "apps": {
        "app create": "Create an app. A new secret is shown once: the register stores its SHA-256.",
        "app list": "List the apps.",
        "app show": "Show an app, without its secrets, and the stores that have it.",
        "app update": "Change an app: each option replaces a whole value. Issued tokens stay.",
        "app delete": "Delete an app from every store, with its tokens, webhooks and imports.\n\n"
        "Ledgers keep what the app moved.",
        "app secret": "Replace the secret of an app, and show the new one once.",
    },
    "installs": {
        "app install": "Install an app without asking an owner, and print the event "
        "app.store.authorize.\n\n"
        "The app's webhook_url, if it has one, receives app.installed and this event too.",
        "app uninstall": "Uninstall an app from a store: revoke its tokens there, and remove its "
        "webhooks.\n\nThe app's webhook_url, if it has one, receives app.uninstalled.",
        "app installs": "List which app is installed in which store, and who consented.",
    },
    "tokens": {
        "token create": "Create an access token, and show it once. The register stores its hash.",
        "token list": "List tokens by id. The register does not store the tokens themselves.",
        "token rotate": "Replace a token by a new one, and show the new one once.\n\n"
        "The store, the app, the scopes and the name stay.",
        "token expire": "Let a token expire now. Its refresh token stays valid.",
        "token revoke": "Revoke a token and its refresh token, in every process within a second.",
        "token reuse": "Revoke a token as if its refresh token had been used twice.",
    },
    "webhooks": {
        "webhook list": "List the webhooks. The event app.* stands for an app's own installs.",
        "webhook deliveries": "List deliveries, newest first.",
        "webhook attempts": "List the attempts that were sent of an event, and each answer.\n\n"
        "Of each delivery the newest 50 are kept, until the event is dropped.",
        "webhook redeliver": "Deliver again from the first attempt on, and print the number.",
        "webhook resume": "Resume a paused webhook. The deliveries that fell due are sent.",
        "webhook trigger": "Add an event, and print its id. A server or sijill deliver sends it.",
        "webhook listen": "Receive webhooks on this machine until a signal, and print a line for "
        "each.\n\nThe line says whether the signature is ok or wrong, whether there is no "
        "signature, or that it is unchecked because the command has no secret.",
    },
    "tls": {
        "tls ca": "Print the certificate to trust, as PEM. The first call makes the authority.",
        "tls hosts": "Print the line for /etc/hosts that points the names to this server.",
    },
    "moving": {
        "import": "Import customers. Valid rows are imported; a file of rejects gets the others.",
        "export": "Export every customer of a store. Importing the file again changes nothing.",
        "seed": "Add made-up Saudi customers, the same for the same seed, without webhooks.",
    },
    "imports": {
        "imports list": "List the uploaded files of a store, newest first.",
        "imports show": "Show the progress of an uploaded file. Refused rows stay for 24 hours.",
        "imports undo": "Delete the customers that a file created, if unchanged, within 24 hours.",
    },
    "audits": {
        "audit list": "List entries, newest first. They hold ids and names of fields, no values.",
        "audit verify": "Verify that no entry was changed, left out, put in or cut off.\n\n"
        "A person who can write to the database can put another log in its place: an earlier "
        "copy, or its heads, shows that.",
        "audit export": "Write a copy that audit verify reads; with a filter, its entries alone.",
    },
    "privacy": {
        "privacy export": "Print everything that is kept of a customer: as JSON, or as a page.",
        "privacy erase": "Erase a customer from every table, then search tables and files for "
        "what is left.\n\n"
        "No file and no old copy of the database brings the customer back. The search covers the "
        "data folder; 1 if it finds something.",
        "privacy recipients": "List which apps were sent a customer's data, or asked for them.",
    },
    "privacy_breach": {
        "privacy breach": "Tell the extent of a breach out of the audit log: who saw or changed "
        "how many customers, which fields, since when, and what webhooks sent out.\n\n"
        "A webhook goes on after the token that registered it is revoked: --stop-webhooks pauses "
        "those of the list.",
    },
    "privacy_records": {
        "privacy ropa": "Print the records of processing activities, as Markdown or JSON.",
    },
    "privacy_inactive": {
        "privacy inactive": "List the customers of whom nothing has happened for long; with "
        "--erase, erase them.\n\n"
        "Nothing is a change, a purchase, or a movement of the wallet or of points. Those with a "
        "hold, or with money in the wallet, stay.",
    },
    "privacy_holds": {
        "privacy hold set": "Set a hold: the customer is neither erased nor deleted until a day.",
        "privacy hold list": "List the holds of a store, those that ended too.",
        "privacy hold end": "Let a hold end now.",
    },
    "privacy_requests": {
        "privacy requests open": "Record that a person asked for something: it is due in 30 days.",
        "privacy requests list": "List the requests, the first to be due first, with those that "
        "are overdue.",
        "privacy requests close": "Close a request, with its outcome.",
    },
    "backups": {
        "backup": "Take a backup of the register while servers go on.\n\n"
        "Each is a folder with a checked copy and a manifest, in the folder that is named. "
        "PostgreSQL is copied by its own pg_dump.",
        "backup verify": "Read a backup whole, and compare it with its manifest.",
        "restore": "Restore the register from a backup.\n\n"
        "Those who were erased since are erased again before anything is served. A register in "
        "use, and one of a newer Sijill, is refused. PostgreSQL is restored into an empty "
        "database.",
    },
    "mirror_linking": {
        "mirror link": "Make an empty store a live copy of the store of a token, or give a linked "
        "one new tokens, or a secret of webhooks.\n\n"
        "Without a token, an app of yours gets one: the command prints an address to open, and "
        "asks for the address that the browser comes to.",
        "mirror unlink": "End a copy: its tokens and what it knows of upstream are deleted.",
    },
    "mirror_asking": {
        "mirror verify": "Ask upstream for one customer, and take over what it says; exit code 2 "
        "if the copy was different.",
        "mirror compare": "Compare customers with upstream, by names of keys; exit code 2 if one "
        "is different.",
        "mirror check": "Ask upstream for what nobody documents and the mirror assumes: read-only, "
        "in less than 100 requests, without a value of a person; exit code 2 if it differs.",
    },
    "mirrors": {
        "mirror status": "Show state, budget, freshness and completeness of a copy; exit code 2 if "
        "it is not all that upstream has.",
        "mirror backfill": "Read upstream's whole list as at the first time. Nothing is forgotten.",
        "mirror sweep": "Read upstream's whole list again, behind everything else.",
        "mirror tombstones": "List the customers that upstream deleted, the latest first.",
        "mirror release": "Let a halted copy go on: what is missing upstream may be deleted here.",
        "mirror pause": "Ask upstream for nothing. Reads are answered from the copy.",
        "mirror resume": "Go on after a pause.",
    },
    "drift": {
        "drift check": "Compare the shape of upstream's answers with what was seen before; exit "
        "code 2 if something is new. Values are never printed.",
    },
    "keys": {
        "keys list": "List the keys, the oldest first, and how many values are sealed under each.",
        "keys rotate": "Seal every secret again under a new key while servers go on.\n\n"
        "The new key joins the others in secret.key; running servers start using it by themselves. "
        "A rotation that was killed goes on. With the setting secret_key, everything is sealed "
        "again under the last of its keys.",
    },
    "healthcheck": {
        "healthcheck": "Exit with 0 if a server is ready, else with 1 and a line that says why.",
    },
    "operating": {
        "migrate": "Bring the schema up to date, as serving does. A SQLite file is copied first.",
        "settings": "Print every setting, its value and where it came from. Secrets are masked.",
        "doctor": "Check everything that serving needs, and say how to fix each fault.",
        "version": "Print the version.",
    },
    "completion": {
        "completion": "Print the script that completes commands in a shell.\n\n"
        'bash: eval "$(sijill completion bash)" in ~/.bashrc\n\n'
        'zsh: eval "$(sijill completion zsh)" in ~/.zshrc\n\n'
        "fish: sijill completion fish > ~/.config/fish/completions/sijill.fish",
    },
}
"""
The commands of each module of this package, with their help, in the order of the help.

The function of a command is its last word and `_command`.
"""
