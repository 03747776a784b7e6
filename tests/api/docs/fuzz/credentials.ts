import { signIn } from "../../../support/people.ts";
import type { Stack } from "../../../support/stack.ts";
import { foreignToken } from "../../../support/tokens.ts";

/** Who sends requests, the more they may do the more often. */
export const senders = {
  often: ["staff", "service"],
  sometimes: ["customer", "agent"],
  seldom: ["anon", "publishable", "automations", "forged"],
} as const;

export type Sender = typeof senders[keyof typeof senders][number];

/** The headers of each. */
export async function credentialsOf(stack: Stack): Promise<Record<Sender, Record<string, string>>> {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const { publishable, secret, agent_category, automations } = stack.keys;
  return {
    anon: {},
    publishable: { apikey: publishable },
    customer: bearer((await signIn("customer", stack)).token),
    staff: bearer((await signIn("staff", stack)).token),
    service: { apikey: secret },
    agent: { apikey: agent_category },
    automations: { apikey: automations },
    forged: bearer(await foreignToken({ sub: crypto.randomUUID(), role: "authenticated" }, stack)),
  };
}
