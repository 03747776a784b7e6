import type { StackDescription } from "./stack.ts";

/** What a person who has just started the stack wants to know. */
export function welcome({ url, dbUrl, keys }: StackDescription): string {
  return `
  API        ${url}
  Functions  ${url}/functions/v1
  Portal     ${url}/functions/v1/portal
  API docs   ${url}/functions/v1/docs
  Database   ${dbUrl}

  publishable key      ${keys.publishable}
  secret key           ${keys.secret}
  key automations      ${keys.automations}
  key agent_category   ${keys.agent_category}

  staff@example.com, approver@example.com (staff), customer@example.com: password event-sourcing

  Post a first event:

${firstEvent(url, keys.publishable)}

  Ctrl-C stops everything; --reset starts clean next time.
`;
}

function firstEvent(url: string, key: string): string {
  const signIn = `curl -s '${url}/auth/v1/token?grant_type=password' -H 'apikey: ${key}' ` +
    `-d '{"email":"staff@example.com","password":"event-sourcing"}'`;
  const token = `$(${signIn} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`;
  const aggregate_id = crypto.randomUUID(); // pasted twice, the line stores one event
  const sku = `PUMP-${aggregate_id.slice(0, 8).toUpperCase()}`;
  const event = {
    event_type: "product.created",
    aggregate_type: "product",
    aggregate_id,
    data: { sku, name: "0.5HP Submersible Pump", base_price: 5999 },
    idempotency_key: `create ${sku}`,
  };
  return `curl -X POST ${url}/functions/v1/events -H "Authorization: Bearer ${token}" ` +
    `-H 'Content-Type: application/json' -w '\\n' -d '${JSON.stringify(event)}'`;
}
