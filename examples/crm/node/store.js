// What the CRM keeps, in a file of JSON lines that only grows: each line is one change, written
// whole or not at all. (With Node 22.13 or newer, node:sqlite would do as well.)

import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";

export class Store {
  #file;
  #customers = new Map();
  #events = new Set();
  #tasks = [];
  #tokens = new Map();
  #progress = { page: 1, total: 0 };

  constructor(path) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    for (const line of text.split("\n")) this.#apply(parsed(line));
    this.#file = openSync(path, "a", 0o600);
    if (text !== "" && !text.endsWith("\n")) appendFileSync(this.#file, "\n");
  }

  close() {
    closeSync(this.#file);
  }

  // Keep a change, and only then act on it.
  #write(change) {
    appendFileSync(this.#file, `${JSON.stringify(change)}\n`);
    fsyncSync(this.#file);
    this.#apply(change);
  }

  #apply({ customers = [], progress, event, task, tokens }) {
    if (event !== undefined) this.#events.add(event);
    for (const customer of customers) this.#save(customer);
    if (task !== undefined) this.#tasks.push(task);
    if (progress !== undefined) this.#progress = progress;
    if (tokens !== undefined) this.#tokens.set(tokens.given, tokens.pair);
  }

  // What came late, by webhook or by page, must not replace what is newer.
  // The texts are wall time of one store, so they compare as times.
  #save(customer) {
    const known = this.#customers.get(customer.id);
    if (known !== undefined && known.updatedAt > customer.updatedAt) return;
    this.#customers.set(customer.id, customer);
  }

  // Every customer by its id at Salla.
  get customers() {
    return new Map(this.#customers);
  }

  // Where the import stands: the page to read next, and the number of customers that the list
  // had when it was last read.
  get progress() {
    return this.#progress;
  }

  // The tasks for people, in their order.
  get tasks() {
    return [...this.#tasks];
  }

  // Save the customers of a page together with where to go on.
  savePage(customers, progress) {
    this.#write({ customers: customers.map(customerOf), progress });
  }

  // Do what an event asks for, once; return false for one that was handled before.
  handle(id, { event, data }) {
    if (this.#events.has(id)) return false;
    const isChange = event === "customer.created" || event === "customer.updated";
    const change = { event: id, customers: isChange ? [customerOf(data)] : [] };
    if (event === "customer.created") change.task = { customer: data.id, what: "welcome" };
    this.#write(change);
    return true;
  }

  // The pair that `first` has become by renewals.
  tokens(first) {
    return this.#tokens.get(first.refresh) ?? first;
  }

  keepTokens(first, pair) {
    this.#write({ tokens: { given: first.refresh, pair } });
  }
}

// A line as a change; a line that was broken off is no change.
function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}

// A customer of Salla's as the CRM keeps it.
function customerOf(customer) {
  const code = String(customer.mobile_code).replace("+", "");
  return {
    id: customer.id,
    updatedAt: customer.updated_at.date,
    name: `${customer.first_name} ${customer.last_name}`.trim(),
    mobile: customer.mobile ? `+${code}${customer.mobile}` : "",
    email: customer.email ?? "",
  };
}
