// Receives webhooks: checks the signature, handles each event once, answers at once.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const LARGEST = 1_000_000; // bytes of a body that is read at all

// Whether X-Salla-Signature is that of this body.
export function isGenuine(secret, body, signature) {
  const expected = Buffer.from(createHmac("sha256", secret).update(body).digest("hex"));
  const given = Buffer.from(signature ?? "");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

// The server that Salla sends webhooks to; it does not listen yet.
export function receiver(store, secret) {
  return createServer((request, response) => {
    answerTo(request, store, secret)
      .catch(() => 500) // any status but 200 is tried again by Salla
      .then((status) => response.writeHead(status).end());
  });
}

// Keep the event of a delivery; return the status to answer with.
async function answerTo(request, store, secret) {
  const body = await read(request);
  if (body === undefined) return 413;
  if (!isGenuine(secret, body, request.headers["x-salla-signature"])) return 401;
  // Salla sends no id; the body holds the event's time, so its digest tells two events apart.
  const id = request.headers["webhook-id"] ?? createHash("sha256").update(body).digest("hex");
  store.handle(id, JSON.parse(body));
  return 200;
}

// The bytes of the body, or undefined if there are too many.
async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
