// An app that uses the package as its README does, on a free port. It prints its address.
"use strict";

const http = require("node:http");
const passport = require("passport");
const SallaAPIFactory = require("@salla.sa/passport-strategy");

const session = {};
let api;
let issued;

const login = passport.authenticate("salla", { session: false });

const routes = {
  "/oauth/redirect": (req, res) => new Promise((_, reject) => login(req, res, reject)),
  "/callback": (req, res) =>
    new Promise((resolve, reject) =>
      login(req, res, (fault) => (fault ? reject(fault) : resolve({ user: req.user, ...issued }))),
    ),
  "/customers": () => api.getAllCustomers(),
  "/owner": async () => {
    const owner = await api.getResourceOwner();
    return { id: owner.getId(), name: owner.getName(), merchant: owner.merchant };
  },
  "/refresh": (req) => api.requestNewAccessToken(req.query.token || undefined),
};

const server = http.createServer(async (req, res) => {
  const url = new URL(req.url, "http://127.0.0.1");
  Object.assign(req, { query: Object.fromEntries(url.searchParams), session });
  let told;
  try {
    told = JSON.stringify(await routes[url.pathname](req, res));
  } catch (fault) {
    res.statusCode = 502;
    told = JSON.stringify({ fault: String(fault.message || fault.msg), ...fault });
  }
  res.setHeader("Content-Type", "application/json");
  res.end(told);
});

server.listen(0, "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  api = new SallaAPIFactory({
    clientID: process.env.CLIENT_ID,
    clientSecret: process.env.CLIENT_SECRET,
    callbackURL: `${address}/callback`,
  });
  passport.use(api.getPassportStrategy());
  api.onAuth((access, refresh, expiresIn) => {
    issued = { access, refresh, expiresIn };
  });
  console.log(address);
});
