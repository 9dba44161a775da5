// The import against the sandbox: no failure loses a customer or stores one twice.

import assert from "node:assert/strict";
import { test } from "node:test";

import { importCustomers, isFinished, nextProgress } from "../importing.js";
import { crm, sandbox } from "./sandbox.js";

const LIST = "customers.list";

// A seed document: a store with so many customers.
const people = (count) => ({ customers: { count } });

// The import worked: so many customers, no two of them alike.
function assertComplete(store, count) {
  const customers = [...store.customers.values()];
  const different = new Set(customers.map(({ name, mobile, email }) => [name, mobile, email].join()));
  assert.deepEqual([customers.length, different.size], [count, count]);
}

test("a thousand customers arrive, each once", async (t) => {
  const namespace = await sandbox(t, { seed: people(1000) });
  const { salla, store } = crm(t, namespace);
  await importCustomers(salla, store);
  assertComplete(store, 1000);
  await importCustomers(salla, store);
  assertComplete(store, 1000);
});

test("the import waits as long as a 429 says", async (t) => {
  const namespace = await sandbox(t, { seed: people(100) });
  await namespace.control("POST", "/clock/freeze");
  await namespace.fail({ op: LIST, kind: "status", status: 429, wait: 30, times: 2 });
  const { salla, store } = crm(t, namespace);
  const begin = await namespace.now();
  await importCustomers(salla, store);
  assertComplete(store, 100);
  assert.equal((await namespace.now()) - begin, 60);
});

test("the import waits out the limit of the store", async (t) => {
  const namespace = await sandbox(t, { seed: people(300), settings: { customers_limit: "3/10m" } });
  const { salla, store } = crm(t, namespace);
  await importCustomers(salla, store);
  assertComplete(store, 300);
  assert.deepEqual(await namespace.statuses(LIST), [200, 200, 200, 429, 200, 200]);
});

for (const rule of [
  { kind: "status", status: 500 },
  { kind: "status", status: 503 },
  { kind: "html-502" },
  { kind: "empty" },
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "malformed" },
]) {
  test(`the import survives ${rule.status ?? rule.kind}`, async (t) => {
    const namespace = await sandbox(t, { seed: people(200) });
    await namespace.fail({ op: LIST, skip: 1, times: 2, ...rule });
    const { salla, store } = crm(t, namespace);
    await importCustomers(salla, store);
    assertComplete(store, 200);
    assert.equal((await namespace.statuses(LIST)).length, 4 + 2);
  });
}

test("a token that expires half-way is renewed", async (t) => {
  const settings = { customers_limit: "2/10m", access_lifetime: "5m" };
  const namespace = await sandbox(t, { seed: people(300), settings });
  await namespace.expireToken();
  const { salla, store } = crm(t, namespace);
  await importCustomers(salla, store);
  assertComplete(store, 300);
  assert.deepEqual(await namespace.statuses("oauth.token"), [200, 200, 200]);
});

test("a pair of tokens outlives the process", async (t) => {
  const namespace = await sandbox(t);
  await namespace.expireToken();
  const { salla, open } = crm(t, namespace);
  await salla.customers(1, 60);
  await open().salla.customers(1, 60);
  assert.deepEqual(await namespace.statuses("oauth.token"), [200]);
});

test("requests that are refused at once share one renewal", async (t) => {
  const namespace = await sandbox(t, { seed: people(100) });
  await namespace.expireToken();
  const { salla } = crm(t, namespace);
  await Promise.all([salla.customers(1, 60), salla.customers(2, 60)]);
  assert.deepEqual(await namespace.statuses("oauth.token"), [200]);
});

test("a customer whose answer got lost is created once", async (t) => {
  const namespace = await sandbox(t);
  await namespace.fail({ op: "customers.create", kind: "reset", phase: "after-commit", times: 1 });
  const { salla } = crm(t, namespace);
  const sara = { first_name: "Sara", last_name: "Ali", email: "sara@example.com" };
  const made = await salla.createCustomer(sara);
  const { data } = await namespace.api("GET", "/customers?keyword=sara@example.com");
  assert.deepEqual(data.map((one) => one.id), [made.id]);
  await assert.rejects(salla.createCustomer(sara), { status: 422 });
});

test("customers who go and come meanwhile cost no other", async (t) => {
  const namespace = await sandbox(t, { seed: people(200) });
  const { salla, store } = crm(t, namespace);
  let meanwhile = async ([first, second]) => {
    for (const { id } of [first, second]) await namespace.api("DELETE", `/customers/${id}`);
    await namespace.api("POST", "/customers", { first_name: "New", email: "new@example.com" });
  };
  const busy = {
    async customers(page, perPage) {
      const answer = await salla.customers(page, perPage);
      await meanwhile(answer.data);
      meanwhile = async () => {};
      return answer;
    },
  };
  await importCustomers(busy, store);
  assertComplete(store, 201); // the two who left included
});

test("an import that was broken off goes on where it stopped", async (t) => {
  const namespace = await sandbox(t, { seed: people(300) });
  await namespace.fail({ op: LIST, kind: "status", status: 500, skip: 2, times: 8 });
  const { salla, store, open } = crm(t, namespace);
  await assert.rejects(importCustomers(salla, store), { status: 500 });
  store.close();
  const second = open();
  await importCustomers(second.salla, second.store);
  assertComplete(second.store, 300);
  const read = (await namespace.statuses(LIST)).filter((status) => status === 200);
  assert.equal(read.length, 5);
});

test("the import steps back as far as the list shrank", () => {
  const progress = { page: 5, total: 300 };
  assert.deepEqual(nextProgress(progress, { total: 310, perPage: 60 }), { page: 6, total: 310 });
  assert.deepEqual(nextProgress(progress, { total: 299, perPage: 60 }), { page: 4, total: 299 });
  assert.deepEqual(nextProgress(progress, { total: 200, perPage: 60 }), { page: 3, total: 200 });
  assert.equal(isFinished(progress, { total: 299, totalPages: 5 }), false);
  assert.equal(isFinished(progress, { total: 300, totalPages: 5 }), true);
});
