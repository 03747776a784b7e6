import { useActorName } from "../session/people.ts";

/** Who did it: a person by e-mail where it is known, any other actor by name. */
export function Actor({ name }: { name: string }) {
  return <bdi title={name}>{useActorName(name)}</bdi>;
}
