/** Where a webhook may not lead: into the network that the functions run in. */
import { assertEquals, assertMatch } from "@std/assert";
import { refusedAddress, refusedHost } from "../../../shared/subscriptions/webhook_address.ts";

const internal = [
  "http://127.0.0.1/hook",
  "http://2130706433/", // the same, as one number
  "http://0x7f.1/",
  "http://0.0.0.0:54321/",
  "http://10.1.2.3/",
  "http://100.64.0.1/",
  "http://169.254.169.254/latest/meta-data/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://255.255.255.255/",
  "http://[::1]/",
  "http://[::]/",
  "http://[fd00::1]/",
  "http://[fe80::1]/",
  "http://[::ffff:10.0.0.1]/",
  "http://[2002:7f00:1::]/",
  "http://[64:ff9b::7f00:1]/",
  "http://localhost/",
  "http://LOCALHOST./",
  "http://kong:8000/",
  "http://db.localhost/",
  "http://metadata.google.internal/",
  "http://printer.local/",
];
const outside = [
  "https://warehouse.example.com/hooks",
  "http://8.8.8.8/",
  "http://172.32.0.1/",
  "http://[2606:4700::1111]/",
  "http://[::ffff:8.8.8.8]/",
  "https://local.example.com/",
];

Deno.test("an address inside a network is refused, however it is written", () => {
  for (const url of internal) {
    assertMatch(String(refusedHost(url, [])), /is inside a network$/, url);
  }
  for (const url of outside) assertEquals(refusedHost(url, []), null, url);
});

Deno.test("a host that the operator has allowed is not refused, and no other with it", async () => {
  const allowed = ["127.0.0.1", "kong"];
  assertEquals(refusedHost("http://kong:8000/", allowed), null);
  assertEquals(await refusedAddress("http://127.0.0.1:9/", allowed), null);
  assertMatch(String(refusedHost("http://127.0.0.2/", allowed)), /inside/);
});

Deno.test("at delivery a name without an address is refused as well", async () => {
  assertEquals(
    await refusedAddress("http://nobody.invalid/", []),
    `"nobody.invalid" has no address`,
  );
  assertEquals(await refusedAddress("http://8.8.8.8/", []), null);
});
