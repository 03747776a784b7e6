/** What a worker asks of the store, in which order, and when it stops. */
import { assertEquals, assertRejects } from "@std/assert";
import type { Page } from "../../../../shared/database_manager/rebuild/page.ts";
import type {
  RebuildJob,
  RebuildStore,
} from "../../../../shared/database_manager/rebuild/store.ts";
import { workOnRebuild } from "../../../../shared/database_manager/rebuild/work.ts";
import { StoreError } from "../../../../shared/database_manager/store.ts";
import { created, moved, page, PUMP } from "./pages.ts";

const job: RebuildJob = { id: "r", kind: "rebuild", status: "scanning", switch_by_hand: false };
const nothing = page([]);
const something = page([created(PUMP)]);

interface Script {
  job?: Partial<RebuildJob> | null;
  /** Pages of the scan, then nothing. */
  pages?: Page[];
  /** Pages that moved while catching up, then nothing. */
  moved?: Page[];
  error?: { on: "scan" | "switchOver"; with: StoreError };
}

/** A store that plays a script and writes down what was asked. */
function scripted(script: Script): { store: RebuildStore; asked: string[] } {
  const asked: string[] = [];
  const pages = [...script.pages ?? []];
  const movedPages = [...script.moved ?? []];
  const ask = (what: string) => {
    asked.push(what);
    if (script.error && what.startsWith(script.error.on)) throw script.error.with;
  };
  const taken = script.job === null ? null : { ...job, ...script.job };
  const store: RebuildStore = {
    take: () => Promise.resolve(taken),
    leave: async (error) => await ask(error === undefined ? "leave" : `leave ${error}`),
    scan: async (_, result) => {
      await ask(`scan ${result?.events ?? 0}`);
      return pages.shift() ?? nothing;
    },
    catchUp: async (_, result, hold) => {
      await ask(`catchUp ${result?.compared.length ?? "-"}${hold ? " held" : ""}`);
      return movedPages.shift() ?? nothing;
    },
    switchOver: async () => await ask("switchOver"),
    fail: async (_, error) => await ask(`fail ${error}`),
  };
  return { store, asked };
}

async function asked(script: Script, limits = { page: 10, events: 1000, milliseconds: 1000 }) {
  const { store, asked } = scripted(script);
  await workOnRebuild(store, () => 0, limits);
  return asked;
}

Deno.test("without a rebuild there is nothing to do", async () => {
  assertEquals(await asked({ job: null }), []);
});

Deno.test("a rebuild is scanned page by page, caught up, held and switched", async () => {
  assertEquals(await asked({ pages: [something, something] }), [
    "scan 0",
    "scan 1",
    "scan 1",
    "catchUp -",
    "catchUp - held",
    "switchOver",
  ]);
});

Deno.test("what moved is folded again, before the hold and under it", async () => {
  const again = page([created(PUMP), moved(PUMP, 2, 5)]);
  const script = { job: { status: "compared" as const }, moved: [again, again, again] };
  assertEquals(await asked(script), [
    "catchUp -",
    "catchUp 1",
    "catchUp - held",
    "catchUp 1 held",
    "switchOver",
  ]);
});

Deno.test("an aggregate that goes on after a page takes no place yet", async () => {
  const half = page([created(PUMP)], {}, { last_is_complete: false });
  const script = { job: { status: "compared" as const }, moved: [half] };
  assertEquals((await asked(script))[1], "catchUp 0");
});

/** Pages as full as they may be: much has moved. */
function fullPages(count: number): Page[] {
  const ids = Array.from({ length: 200 }, (_, index) => `${PUMP.slice(0, -3)}${index + 100}`);
  return Array<Page>(count).fill(page(ids.map((id) => created(id))));
}
const full = { page: 200, events: 800, milliseconds: 1000 };

Deno.test("half of the limits is for catching up, half for the hold", async () => {
  const script = { job: { status: "compared" as const }, moved: fullPages(4) };
  assertEquals(await asked(script, full), [
    "catchUp -",
    "catchUp 200",
    "catchUp 200",
    "catchUp - held",
    "catchUp 200 held",
    "switchOver",
  ]);
});

Deno.test("when the log moves faster, the hold ends and the rest is left to the next", async () => {
  const script = { job: { status: "compared" as const }, moved: fullPages(25) };
  assertEquals((await asked(script, full)).slice(3), [
    "catchUp - held",
    "catchUp 200 held",
    "catchUp 200 held",
    "leave",
  ]);
});

Deno.test("a verification ends with its last page", async () => {
  assertEquals(await asked({ job: { kind: "verify" }, pages: [something] }), ["scan 0", "scan 1"]);
});

Deno.test("a rebuild to be switched by hand is left when it is compared", async () => {
  const script = { job: { switch_by_hand: true }, pages: [something] };
  assertEquals(await asked(script), ["scan 0", "scan 1", "leave"]);
});

Deno.test("a rollback is switched without a scan", async () => {
  const script = { job: { kind: "rollback" as const, status: "compared" as const } };
  assertEquals(await asked(script), ["catchUp -", "catchUp - held", "switchOver"]);
});

Deno.test("at its limits a worker keeps its last result and leaves the rest to the next", async () => {
  const pages = [something, something, something];
  const byEvents = await asked({ pages }, { page: 1, events: 2, milliseconds: 1000 });
  assertEquals(byEvents, ["scan 0", "scan 1", "scan 1", "leave"]);
  const byTime = await asked({ pages }, { page: 1, events: 1000, milliseconds: 0 });
  assertEquals(byTime, ["scan 0", "scan 1", "leave"]);
});

Deno.test("a log that cannot be folded, or rows that are refused, end the rebuild", async () => {
  for (const code of ["ES017", "23505", "22003"]) {
    const error = { on: "switchOver" as const, with: new StoreError(code, 400, "no") };
    assertEquals((await asked({ error })).slice(-2), ["switchOver", "fail no"], code);
  }
});

Deno.test("a lost lease or a database that is away ends the worker, not the rebuild, which keeps why", async () => {
  for (const code of ["ES012", "", "57P01", "PGRST002"]) {
    const error = { on: "scan" as const, with: new StoreError(code, 503, "away") };
    const { store, asked } = scripted({ error });
    await assertRejects(() => workOnRebuild(store, () => 0), StoreError);
    assertEquals(asked, ["scan 0", "leave away"]);
  }
});
