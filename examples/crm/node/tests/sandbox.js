// A store of its own for each test, in Sijill's sandbox, by its control API and fetch alone.
// SIJILL_URL and SIJILL_ADMIN_TOKEN say where the sandbox is: `sijill sandbox env` prints them.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Salla } from "../salla.js";
import { Store } from "../store.js";

const { SIJILL_URL, SIJILL_ADMIN_TOKEN } = process.env;
if (!SIJILL_URL) throw new Error('SIJILL_URL is missing: eval "$(sijill sandbox env)"');

async function call(url, token, method, body) {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

const control = (method, path, body) =>
  call(`${SIJILL_URL}/_/ns${path}`, SIJILL_ADMIN_TOKEN, method, body);

// A namespace, gone at the end of the test `t`. `wanted` has `settings`, `seed` …
export async function sandbox(t, wanted = {}) {
  const made = await control("POST", "", wanted);
  t.after(() => control("DELETE", `/${made.name}`));
  return new Namespace(made);
}

class Namespace {
  constructor(made) {
    this.made = made;
  }

  control(method, path, body) {
    return control(method, `/${this.made.name}${path}`, body);
  }

  // Ask the API as somebody else does, past the app under test.
  api(method, path, body) {
    return call(this.made.url + path, this.made.token, method, body);
  }

  // Give this to a client in place of a real sleep.
  sleep = (seconds) => this.control("POST", "/clock/advance", { seconds });

  async now() {
    return Date.parse((await this.control("GET", "/clock")).now) / 1000;
  }

  // The first token is a 401 from now on.
  expireToken() {
    return this.control("POST", "/tokens/1/expire");
  }

  // `rules` say which requests fail, and how.
  fail(...rules) {
    return this.control("PUT", "/faults", { faults: rules });
  }

  // The statuses of an operation's requests, in their order.
  async statuses(op) {
    const { requests } = await this.control("GET", `/requests?op=${op}`);
    return requests.map((one) => one.status);
  }
}

// The CRM of a test: a client of the namespace, and a store in a folder of its own.
export function crm(t, namespace) {
  const folder = mkdtempSync(join(tmpdir(), "crm-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { url, client_id, client_secret, token, refresh_token } = namespace.made;
  const config = {
    url,
    oauthUrl: url.replace("/admin/v2", ""),
    clientId: client_id,
    clientSecret: client_secret,
    tokens: { access: token, refresh: refresh_token },
  };
  const open = () => {
    const store = new Store(join(folder, "crm.jsonl"));
    return { store, salla: new Salla(config, store, namespace.sleep) };
  };
  return { ...open(), open };
}
