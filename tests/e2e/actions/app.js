// An app that hears of customers through the package, as its documentation shows it.
// Of each delivery it prints what the package let through.
"use strict";

const http = require("node:http");
const webhooks = require("@salla.sa/webhooks-actions");

const log = console.log;
console.log = () => {}; // the package complains of a missing folder of actions

let heard = [];
webhooks.setSecret(process.env.WEBHOOK_SECRET);
webhooks.on("customer.created", (event) => heard.push(event.data.email));

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    heard = [];
    webhooks.checkActions(JSON.parse(Buffer.concat(pieces)), request.headers.authorization);
    log(JSON.stringify({ heard, strategy: request.headers["x-salla-security-strategy"] }));
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => log(`http://127.0.0.1:${server.address().port}/webhook`));
