// Talks to Salla: waits when told to, tries again after a failure, renews its token.

import { setTimeout } from "node:timers/promises";

import { ATTEMPTS, NO_ANSWER, PASSING, UNCERTAIN, secondsBeforeRetry } from "./retries.js";

const TIMEOUT = 10_000; // milliseconds for a whole answer

// Salla refused a request, or did not answer at any attempt.
export class SallaError extends Error {
  constructor({ status, body }, uncertain) {
    super(`status ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.uncertain = uncertain; // an attempt may have been carried out although it got no answer
  }
}

// Send a request once; an answer that breaks off, or is no JSON, counts as no answer.
async function exchange(url, options) {
  let answer, text;
  try {
    const signal = AbortSignal.timeout(TIMEOUT);
    answer = await fetch(url, { ...options, signal, redirect: "manual" });
    text = await answer.text();
  } catch {
    return { status: NO_ANSWER };
  }
  const retryAfter = answer.headers.get("retry-after");
  try {
    return { status: answer.status, retryAfter, body: JSON.parse(text) };
  } catch {
    return { status: answer.status >= 400 ? answer.status : NO_ANSWER, retryAfter };
  }
}

// The API of one store. Every method may throw a SallaError.
export class Salla {
  #config;
  #store;
  #sleep;
  #renewing;

  // `sleep` waits for seconds; a test gives one that moves the sandbox's clock.
  constructor(config, store, sleep = (seconds) => setTimeout(seconds * 1000)) {
    this.#config = config;
    this.#store = store;
    this.#sleep = sleep;
  }

  // One page of the list, newest first, with its `pagination`.
  customers(page, perPage) {
    return this.#ask("GET", `/customers?page=${page}&per_page=${perPage}`);
  }

  // Create a customer once, even if the answer to the first attempt gets lost.
  async createCustomer(fields) {
    try {
      return (await this.#ask("POST", "/customers", fields)).data;
    } catch (refusal) {
      // "E-mail already taken" may be the work of our own attempt that got no answer.
      const mine = refusal.uncertain ? await this.#withEmail(fields.email) : undefined;
      if (mine === undefined) throw refusal;
      return mine;
    }
  }

  async #withEmail(email) {
    const { data } = await this.#ask("GET", `/customers?keyword=${encodeURIComponent(email)}`);
    return data.find((one) => one.email.toLowerCase() === email.toLowerCase());
  }

  // The body of the answer; a token that has expired is renewed once.
  async #ask(method, path, fields) {
    const { access } = this.#store.tokens(this.#config.tokens);
    let { answer, uncertain } = await this.#attempt(() => this.#send(method, path, access, fields));
    if (answer.status === 401) {
      const renewed = await this.#renew(access);
      const second = await this.#attempt(() => this.#send(method, path, renewed, fields));
      answer = second.answer;
      uncertain ||= second.uncertain;
    }
    if (answer.status < 200 || answer.status > 299) throw new SallaError(answer, uncertain);
    return answer.body;
  }

  // Send until the answer is no passing failure; tell if an attempt's outcome is unknown.
  async #attempt(send) {
    let answer;
    let uncertain = false;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      answer = await send();
      uncertain ||= UNCERTAIN.has(answer.status);
      if (!PASSING.has(answer.status)) break;
      if (attempt < ATTEMPTS) await this.#sleep(secondsBeforeRetry(attempt, answer.retryAfter));
    }
    return { answer, uncertain };
  }

  #send(method, path, access, fields) {
    const headers = { Authorization: `Bearer ${access}`, "Content-Type": "application/json" };
    return exchange(this.#config.url + path, { method, headers, body: JSON.stringify(fields) });
  }

  // The access token that replaces a refused one. A refresh token works once: requests that
  // are refused at the same time share one renewal.
  #renew(refused) {
    const held = this.#store.tokens(this.#config.tokens);
    if (held.access !== refused) return held.access;
    this.#renewing ??= this.#exchangeRefreshToken(held.refresh).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  // If the answer gets lost, so is the new pair, and asking again can only help.
  // After a SallaError the store's owner must log in again.
  async #exchangeRefreshToken(refresh) {
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: refresh,
      client_id: this.#config.clientId,
      client_secret: this.#config.clientSecret,
    });
    const url = `${this.#config.oauthUrl}/oauth2/token`;
    const { answer, uncertain } = await this.#attempt(() => exchange(url, { method: "POST", body }));
    if (answer.status !== 200) throw new SallaError(answer, uncertain);
    const pair = { access: answer.body.access_token, refresh: answer.body.refresh_token };
    this.#store.keepTokens(this.#config.tokens, pair); // before they are used
    return pair.access;
  }
}
