// Loaded before the app: connections to two hosts go to a local server instead.
// Nothing else changes: the name in the TLS handshake and the check of the certificate stay.
"use strict";

const tls = require("node:tls");

const HOSTS = new Set(["accounts.salla.sa", "api.salla.dev"]);
const port = Number(process.env.LOCAL_PORT);
const { connect } = tls;

tls.connect = (options, ...rest) =>
  HOSTS.has(options.host) && Number(options.port) === 443
    ? connect({ ...options, host: "127.0.0.1", port }, ...rest)
    : connect(options, ...rest);
