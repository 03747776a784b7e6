import { assertEquals } from "@std/assert";
import { callFunction } from "../../support/call_function.ts";
import { person } from "../shop.ts";

/** Lets an agent propose one type of decision, and no more. */
export async function letPropose(
  agent: string,
  decisionType: string,
  terms: Record<string, unknown> = {},
): Promise<void> {
  const { token } = await person("staff");
  const path = `agents/${agent}/policies/${decisionType}`;
  const body = { level: 1, reason: "For a test", ...terms };
  const answer = await callFunction(path, { method: "PUT", token, body });
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
}

/** Approves a decision as it stands, as the seed's approver. */
export async function approve(id: string) {
  const { token } = await person("approver");
  const decision = await callFunction(`agents/decisions/${id}`, { token });
  const { version } = decision.body;
  const path = `agents/decisions/${id}/approve`;
  const answer = await callFunction(path, { token, body: { version } });
  assertEquals(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
