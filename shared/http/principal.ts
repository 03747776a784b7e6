/**
 * Who sends a request, as the credential proves it. `createdBy` is what events posted by this
 * principal carry. An `automation` only rings the database manager and posts nothing.
 */
export type Principal =
  | { kind: "user"; userId: string; createdBy: `user:${string}` }
  | { kind: "agent"; name: string; createdBy: `agent:${string}` }
  | { kind: "service"; createdBy: "system" }
  | { kind: "automation" };

/**
 * Who a route is for. `user` is anybody signed in; `staff` are the users that `user_roles` lists.
 */
export type Audience = "user" | "staff" | "agent" | "service" | "automation";

/** The principal behind a secret key of this name, or null when the name means nothing here. */
export function principalOfKey(keyName: string): Principal | null {
  if (keyName === "default") return { kind: "service", createdBy: "system" };
  if (keyName === "automations") return { kind: "automation" };
  const agent = /^agent_([a-z0-9_]+)$/.exec(keyName)?.[1];
  return agent ? { kind: "agent", name: agent, createdBy: `agent:${agent}` } : null;
}
