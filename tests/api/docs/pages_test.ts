import { assert, assertEquals, assertMatch } from "@std/assert";
import { app } from "../../../functions/docs/app.ts";
import { runningStack } from "../../support/stack.ts";

const docs = `${runningStack().url}/functions/v1/docs`;

/** The assets a page names, as addresses below the function. */
async function assetsOf(path: string): Promise<string[]> {
  const html = await (await fetch(`${docs}${path}`)).text();
  return [...html.matchAll(/(?:src|href)="(\/functions\/v1\/docs\/assets\/[^"]+)"/g)]
    .map(([, address = ""]) => address.replace("/functions/v1", ""));
}

for (const path of ["", "/redoc"]) {
  Deno.test(`GET /docs${path} is HTML under a policy without inline scripts or other origins`, async () => {
    const response = await fetch(`${docs}${path}`);
    const html = await response.text();
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
    assertEquals(response.headers.get("cache-control"), "no-cache");
    const policy = response.headers.get("content-security-policy") ?? "";
    assertMatch(policy, /default-src 'none'; script-src 'self';.*frame-ancestors 'none'/);
    assert(!/https?:|\*|unsafe-eval/.test(policy), policy);
    assert(!/<script(?![^>]* src=)/.test(html), html);
    assert(!/https?:\/\//.test(html), html);
  });

  Deno.test(`GET /docs${path} names assets that exist and never change`, async () => {
    const assets = await assetsOf(path);
    assert(assets.length > 0);
    for (const asset of assets) {
      const response = await app.request(asset);
      await response.body?.cancel();
      assertEquals(response.status, 200, asset);
      assertMatch(
        response.headers.get("content-type") ?? "",
        /^text\/(javascript|css); charset=utf-8$/,
      );
      assertEquals(response.headers.get("cache-control"), "public, max-age=31536000, immutable");
    }
  });
}

Deno.test("GET /docs/openapi.json may be read by a page of any origin", async () => {
  const response = await fetch(`${docs}/openapi.json`, {
    headers: { Origin: "https://a.example" },
  });
  assertEquals((await response.json()).openapi, "3.1.0");
  assertEquals(response.headers.get("access-control-allow-origin"), "*");
});

Deno.test("a file is sent compressed where that is welcome, and is the same", async () => {
  const ask = (encoding: string) =>
    app.request("/docs/openapi.json", { headers: { "Accept-Encoding": encoding } });
  const [packed, plain] = [await ask("br, gzip"), await ask("gzip;q=0")];
  assertEquals(packed.headers.get("content-encoding"), "gzip");
  assertEquals(plain.headers.get("content-encoding"), null);
  const bytes = await packed.arrayBuffer();
  assertEquals(Number(packed.headers.get("content-length")), bytes.byteLength);
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  assertEquals(await new Response(unpacked).text(), await plain.text());
});

Deno.test("a file that is known is answered 304, without a body", async () => {
  const first = await app.request("/docs");
  const etag = first.headers.get("etag") ?? "";
  const again = (tag: string) => app.request("/docs", { headers: { "If-None-Match": tag } });
  for (const tag of [etag, `"other", ${etag}`, etag.replace("W/", ""), "*"]) {
    const response = await again(tag);
    assertEquals(response.status, 304, tag);
    assertEquals(await response.text(), "");
    assertEquals(response.headers.get("etag"), etag);
  }
  assertEquals((await again(`"other"`)).status, 200);
});

Deno.test("HEAD answers as GET does, without a body", async () => {
  for (const path of ["", "/redoc", "/openapi.json"]) {
    const get = await fetch(`${docs}${path}`);
    const size = (await get.arrayBuffer()).byteLength;
    const head = await fetch(`${docs}${path}`, { method: "HEAD" });
    assertEquals(head.status, 200);
    assertEquals((await head.arrayBuffer()).byteLength, 0);
    for (const name of ["content-type", "etag", "cache-control"]) {
      assertEquals(head.headers.get(name), get.headers.get(name), name);
    }
    const direct = await app.request(`/docs${path}`, { method: "HEAD" });
    assertEquals(Number(direct.headers.get("content-length")), size);
  }
});

Deno.test("what is not there is a problem 404, what cannot be done 405", async () => {
  for (const path of ["/assets/constructor", "/assets/..%2Findex.html", "/nowhere"]) {
    const response = await fetch(`${docs}${path}`);
    assertEquals(response.status, 404, path);
    assertEquals((await response.json()).code, "not_found");
  }
  const posted = await fetch(`${docs}/openapi.json`, { method: "POST" });
  assertEquals((await posted.json()).code, "method_not_allowed");
});
