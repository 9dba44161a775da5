// The commands: `node main.js import`, `serve [PORT]`, or `add FIRST LAST EMAIL`.

import { fromEnvironment } from "./config.js";
import { importCustomers } from "./importing.js";
import { Salla } from "./salla.js";
import { Store } from "./store.js";
import { receiver } from "./webhooks.js";

const commands = {
  async import(store) {
    await importCustomers(new Salla(fromEnvironment(), store), store);
    console.log(`${store.customers.size} customers`);
  },

  async serve(store, port = "8080") {
    const secret = process.env.SALLA_WEBHOOK_SECRET;
    if (!secret) throw new Error("SALLA_WEBHOOK_SECRET is missing");
    const server = receiver(store, secret);
    server.listen(Number(port), "127.0.0.1", () => {
      console.log(`Listening on port ${server.address().port}`);
    });
  },

  async add(store, first_name, last_name, email) {
    const fields = { first_name, last_name, email };
    const made = await new Salla(fromEnvironment(), store).createCustomer(fields);
    console.log(`customer ${made.id}`);
  },
};

const [name, ...words] = process.argv.slice(2);
if (!Object.hasOwn(commands, name ?? "")) {
  console.error("usage: node main.js import | serve [PORT] | add FIRST LAST EMAIL");
  process.exit(64);
}
try {
  await commands[name](new Store(process.env.CRM_FILE ?? "crm.jsonl"), ...words);
} catch (fault) {
  console.error(fault.message);
  process.exitCode = 1;
}
