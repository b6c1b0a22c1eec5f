/**
 * The store on a KV Connect server: on the one of these tests, or on the program
 * that `DENOKV` names.
 */

import { testDatabase } from "../../../tests/store/contract.ts";
import { DenokvServer } from "./denokv_server.ts";
import { RemoteFixture } from "./fixture.ts";
import { KvServer } from "./kv_server.ts";

const denokv = Deno.env.get("DENOKV");

testDatabase(
  denokv ? "on denokv" : "on a KV Connect server",
  async () =>
    await RemoteFixture.on(
      denokv ? await DenokvServer.start(denokv) : await KvServer.start(),
    ),
);
