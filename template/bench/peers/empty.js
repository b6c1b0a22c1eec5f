// What starting a server on Deno costs at least.
const port = Number(Deno.env.get("PORT"));
Deno.serve({ hostname: "127.0.0.1", port }, () => new Response());
