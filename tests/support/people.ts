import { runningStack, type StackDescription } from "./stack.ts";

/** Someone signed in. */
export interface Person {
  userId: string;
  email: string;
  /** Access token, for `Authorization: Bearer`. */
  token: string;
}

/** Signs in one of the seed's people: `staff`, `approver` or `customer`, or any other by e-mail address. */
export async function signIn(
  who: string,
  stack: StackDescription = runningStack(),
  password = "event-sourcing",
): Promise<Person> {
  const email = who.includes("@") ? who : `${who}@example.com`;
  return await authenticate("token?grant_type=password", email, password, stack);
}

/** A new customer. Take another address in every test. */
export async function signUp(
  email: string,
  stack: StackDescription = runningStack(),
): Promise<Person> {
  return await authenticate("signup", email, "event-sourcing", stack);
}

async function authenticate(
  path: string,
  email: string,
  password: string,
  { url, keys }: StackDescription,
): Promise<Person> {
  const response = await fetch(`${url}/auth/v1/${path}`, {
    method: "POST",
    headers: { apikey: keys.publishable },
    body: JSON.stringify({ email, password }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`Cannot sign in "${email}": ${JSON.stringify(answer)}`);
  return { userId: answer.user.id, email, token: answer.access_token };
}
