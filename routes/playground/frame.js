// One page of one origin. It sends what the playground asks for, and reports what
// a script can read of the response.

addEventListener("message", async ({ data, origin, ports: [port] }) => {
  // Another page on this machine could frame this one, and borrow its origin.
  const { hostname, port: number } = new URL(origin);
  const isTwin = ["localhost", "127.0.0.1"].includes(hostname);
  if (isTwin && number === location.port) port.postMessage(await send(data));
});

async function send({ url, ...init }) {
  try {
    // The playground shows what the server sent: no copy of an earlier response.
    const response = await fetch(url, { ...init, cache: "no-store" });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  } catch (error) {
    return { error: String(error) };
  }
}
