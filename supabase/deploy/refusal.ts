/** Why a deployment stops; its message is for the person who deploys. */
export class Refusal extends Error {
  override name = "Refusal";
}
