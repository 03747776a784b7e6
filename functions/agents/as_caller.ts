import { callerClient, type DatabaseClient } from "../../shared/database/client.ts";
import { ApplicationError } from "../../shared/errors.ts";
import type { AppContext } from "../../shared/http/app_environment.ts";

/** The client that acts as the signed-in person: the database refuses these acts to every key. */
export function asCaller(c: AppContext): DatabaseClient {
  const token = c.get("token");
  if (token === null) throw new ApplicationError("forbidden", "This is for people, not for keys.");
  return callerClient(token);
}
