import { assert, assertEquals } from "@std/assert";
import { databaseError } from "../../../shared/database/sqlstate.ts";

Deno.test("databaseError() gives our own SQLSTATEs their code, line and members", () => {
  const error = databaseError({
    code: "ES007",
    message: "order 1 is at version 3",
    details: `{"expected_version":2,"current_version":3,"missed":[{"id":"x"}]}`,
  }, 400);
  assertEquals([error.status, error.code, error.detail], [
    409,
    "version_conflict",
    "order 1 is at version 3",
  ]);
  assertEquals(error.members.current_version, 3);
});

Deno.test("databaseError() is 503 with Retry-After while the database is away", () => {
  const away: [string, number][] = [
    ["", 0],
    ["", 502],
    ["", 503],
    ["PGRST000", 503],
    ["PGRST002", 503],
    ["08006", 503],
    ["53300", 500],
    ["57P01", 500],
    ["57014", 500],
    ["40P01", 500],
    ["25006", 405],
  ];
  for (const [code, status] of away) {
    const error = databaseError({ code, message: "dial tcp 10.0.0.7:5432" }, status);
    assertEquals([error.status, error.code], [503, "database_unavailable"], code);
    assert(error.headers["Retry-After"]);
    assert(!error.detail.includes("10.0.0.7"));
  }
});

Deno.test("databaseError() tells nothing of an error it does not know", () => {
  const error = databaseError(
    { code: "42703", message: `column "secret" does not exist`, details: "select secret" },
    400,
  );
  assertEquals([error.status, error.code], [500, "internal_error"]);
  assert(!`${error.detail}${JSON.stringify(error.members)}`.includes("secret"));
});
