import { generateKeyPair, SignJWT } from "jose";
import { signingKey, signToken } from "../../supabase/local/keys.ts";
import { runningStack, type StackDescription } from "./stack.ts";

/** A token of this project with any claims: expired (`exp` in the past), of another role, without `sub`. */
export async function projectToken(
  claims: Record<string, unknown>,
  stack: StackDescription = runningStack(),
): Promise<string> {
  return await signToken(await signingKey(`${stack.dataDir}/signing_key.json`), claims);
}

/** A token that claims to be this project's, down to the key id, signed with another key. */
export async function foreignToken(
  claims: Record<string, unknown>,
  stack: StackDescription = runningStack(),
): Promise<string> {
  const { privateKey } = await generateKeyPair("ES256");
  const kid = stack.jwks.keys[0]?.kid;
  return await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" })
    .sign(privateKey);
}
