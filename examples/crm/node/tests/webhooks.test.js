// Webhooks from the sandbox: each is checked, handled once, and kept out if it is not genuine.

import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";

import { isGenuine, receiver } from "../webhooks.js";
import { crm, sandbox } from "./sandbox.js";

const SECRET = "a-secret-of-16-or-more";
const CREATED = "customer.created";
const UPDATED = "customer.updated";

// A namespace that sends its events to a CRM; `handler` takes them in place of the CRM's store.
async function connected(t, handler) {
  const namespace = await sandbox(t);
  const { store } = crm(t, namespace);
  const server = receiver(handler ?? store, SECRET).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/`;
  for (const event of [CREATED, UPDATED]) {
    const security = { security_strategy: "signature", secret: SECRET };
    await namespace.api("POST", "/webhooks/subscribe", { name: "crm", event, url, ...security });
  }
  return { namespace, store };
}

// Create a customer at Salla, and return its id once the event was delivered.
async function create(namespace) {
  const fields = { first_name: "Sara", email: "sara@example.com" };
  const { data } = await namespace.api("POST", "/customers", fields);
  await namespace.control("POST", "/settle");
  return data.id;
}

const failing = (namespace, ...faults) => namespace.control("PUT", "/webhook-faults", { faults });

test("a new customer is saved and welcomed", async (t) => {
  const { namespace, store } = await connected(t);
  const id = await create(namespace);
  assert.equal(store.customers.get(id).name, "Sara");
  assert.deepEqual(store.tasks, [{ customer: id, what: "welcome" }]);
});

test("an event that comes twice is handled once", async (t) => {
  const { namespace, store } = await connected(t);
  await failing(namespace, { event: CREATED, kind: "duplicate", times: 1 });
  const id = await create(namespace);
  const { deliveries } = await namespace.control("GET", "/deliveries");
  assert.deepEqual(deliveries.map((one) => one.status), [200, 200]);
  assert.deepEqual(store.tasks, [{ customer: id, what: "welcome" }]);
});

for (const kind of ["tampered", "wrong-secret"]) {
  test(`a delivery that is ${kind} is refused, and the genuine one taken`, async (t) => {
    const { namespace, store } = await connected(t);
    await failing(namespace, { event: CREATED, kind, times: 1 });
    const id = await create(namespace);
    assert.equal(store.customers.size, 0);
    await namespace.sleep(60); // the sandbox tries again
    assert.deepEqual([...store.customers.keys()], [id]);
  });
}

test("an event that comes late replaces nothing newer", async (t) => {
  const { namespace, store } = await connected(t);
  const id = await create(namespace);
  await failing(namespace, { event: UPDATED, kind: "late", seconds: 60, times: 1 });
  for (const first_name of ["Older", "Newer"]) {
    await namespace.api("PUT", `/customers/${id}`, { first_name });
    await namespace.sleep(1);
  }
  assert.equal(store.customers.get(id).name, "Newer");
  await namespace.sleep(60);
  const { deliveries } = await namespace.control("GET", `/deliveries?event=${UPDATED}`);
  assert.equal(deliveries.filter((one) => one.status === 200).length, 2);
  assert.equal(store.customers.get(id).name, "Newer");
});

test("an event that could not be kept comes again", async (t) => {
  const full = { handle: () => { throw new Error("the disk is full"); } };
  const { namespace, store } = await connected(t, full);
  const id = await create(namespace);
  full.handle = (...event) => store.handle(...event);
  await namespace.sleep(60);
  assert.deepEqual(store.tasks, [{ customer: id, what: "welcome" }]);
});

test("only the signature of the very bytes is genuine", () => {
  const signature = "1f5a6f7c2bd8d1a5b0a7d2a0d4f6a7d5a6a5b6e2e4b1f7c3d9e8a0c1b2d3e4f5";
  assert.equal(isGenuine(SECRET, Buffer.from("{}"), signature), false);
  assert.equal(isGenuine(SECRET, Buffer.from("{}"), ""), false);
  assert.equal(isGenuine(SECRET, Buffer.from("{}"), undefined), false);
});
