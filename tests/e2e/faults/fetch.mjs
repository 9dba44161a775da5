// One GET with Node's fetch; prints what came of it as JSON.
// usage: node fetch.mjs URL TOKEN SECONDS
const [url, token, seconds] = process.argv.slice(2);
const met = { error: "", status: 0, text: "", limit: null };
try {
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(seconds * 1000),
  });
  met.status = answer.status;
  met.limit = answer.headers.get("x-ratelimit-limit");
  met.text = await answer.text();
} catch (fault) {
  met.error = fault.cause?.code ?? fault.name;
}
console.log(JSON.stringify(met));
