"use strict";
/* Search, live parts, copying and shortcuts. Every page works without this file. */
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const policy = window.trustedTypes
    ? trustedTypes.createPolicy("sijill", { createHTML: (html) => html })
    : { createHTML: (html) => html };

  /* Replace the parts of this page that a newer answer of the server has too: a field never, and a
     form that is open only by a search. */
  const replace = (html, names) => {
    const fresh = new DOMParser().parseFromString(policy.createHTML(html), "text/html");
    for (const old of document.querySelectorAll("[data-part]")) {
      const name = old.dataset.part;
      const part = fresh.querySelector(`[data-part="${CSS.escape(name)}"]`);
      if (names && old.querySelector("details[open] form")) continue;
      if (part && (!names || names.has(name)) && !old.contains(document.activeElement?.closest("input,select,textarea") || null)) {
        old.replaceWith(document.adoptNode(part));
      }
    }
  };

  const ask = async (address, signal) => {
    const answer = await fetch(address, { signal, headers: { accept: "text/html" } });
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/login")) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };

  /* Search as you type: a form with data-search; the newest question wins. */
  for (const form of document.querySelectorAll("form[data-search]")) {
    let waiting, asking;
    const search = async () => {
      asking?.abort();
      asking = new AbortController();
      const fields = new URLSearchParams(new FormData(form));
      for (const [name, value] of [...fields]) if (!value) fields.delete(name);
      const address = `${form.action.split("?")[0]}?${fields}`;
      try {
        replace(await ask(address, asking.signal));
        history.replaceState(null, "", address);
      } catch (fault) {
        if (fault.name !== "AbortError") form.submit();
      }
    };
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      waiting = setTimeout(search, event.target.type === "search" ? 250 : 0);
    });
  }

  /* Live parts: one stream for the browser, held by one tab, closed while no tab is seen. */
  const source = document.querySelector("[data-live]")?.dataset.live;
  if (source && navigator.locks && window.BroadcastChannel) {
    const channel = new BroadcastChannel("sijill " + source);
    let refreshing = false;
    const changed = async (topics) => {
      const mine = [...document.querySelectorAll("[data-topic]")].filter((one) => topics.includes(one.dataset.topic));
      if (!mine.length || refreshing || document.hidden) return;
      refreshing = true;
      try {
        replace(await ask(location.href), new Set(mine.map((one) => one.dataset.part)));
      } catch { /* the next change asks again */ }
      refreshing = false;
    };
    channel.onmessage = (event) => changed(event.data);
    let held;
    const tend = () => {
      if (document.hidden) { held?.abort(); held = null; return; }
      if (held) return;
      held = new AbortController();
      const mine = held;
      navigator.locks.request("sijill " + source, { signal: mine.signal }, () => new Promise((free) => {
        const stream = new EventSource(source);
        stream.onmessage = (event) => { const topics = event.data.split(" "); channel.postMessage(topics); changed(topics); };
        mine.signal.addEventListener("abort", () => { stream.close(); free(); });
        if (mine.signal.aborted) { stream.close(); free(); }
      })).catch(() => {});
    };
    document.addEventListener("visibilitychange", tend);
    tend();
  }

  /* Copy the code beside a button. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
      const before = button.textContent;
      button.textContent = button.dataset.copy;
      setTimeout(() => { button.textContent = before; }, 2000);
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
    }
  });

  /* Shortcuts: / goes to the search, Escape leaves a field. */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest?.("input,select,textarea");
    if (typing) { if (event.key === "Escape") typing.blur(); return; }
    const field = event.key === "/" || event.code === "Slash" ? document.querySelector("input[type=search]") : null;
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });
})();
