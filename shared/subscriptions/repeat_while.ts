/** Calls `act` every `milliseconds` until `work` settles, and resolves then, however it settled. */
export async function repeatWhile(
  work: Promise<unknown>,
  milliseconds: number,
  act: () => void,
): Promise<void> {
  const timer = setInterval(act, milliseconds);
  await Promise.allSettled([work]);
  clearInterval(timer);
}
