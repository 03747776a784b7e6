/** The end of an id: ids begin with the time they were made, so that neighbours begin alike. */
export function shortId(id: string): string {
  return id.length > 12 ? `…${id.slice(-8)}` : id;
}

/** `user:…00000001`: enough to tell people apart; other actors as they are. */
export function shortActor(actor: string): string {
  const [kind, id = ""] = actor.split(/:(.*)/s);
  return kind === "user" ? `user:${shortId(id)}` : actor;
}
