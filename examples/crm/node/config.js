// What the CRM is told by its environment.

export function fromEnvironment(environ = process.env) {
  if (!environ.SALLA_TOKEN) throw new Error("SALLA_TOKEN is missing");
  return {
    url: environ.SALLA_URL ?? "https://api.salla.dev/admin/v2",
    oauthUrl: environ.SALLA_OAUTH_BASE_URL ?? "https://accounts.salla.sa",
    clientId: environ.SALLA_OAUTH_CLIENT_ID ?? "",
    clientSecret: environ.SALLA_OAUTH_CLIENT_SECRET ?? "",
    // The first pair, from the login of the store's owner.
    tokens: { access: environ.SALLA_TOKEN, refresh: environ.SALLA_REFRESH_TOKEN ?? "" },
  };
}
