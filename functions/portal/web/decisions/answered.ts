import { useQueryClient } from "@tanstack/react-query";
import { dialogGone } from "../parts/dialog_gone.ts";

/** To call once a decision was answered: tells what was done, in a word, and looks at it anew. */
export function useAnswered(
  id: string,
  onDone: (done: string) => void,
): (done: string) => Promise<void> {
  const queries = useQueryClient();
  return async (done) => {
    await dialogGone(); // before it, the focus cannot leave it
    onDone(done);
    await queries.invalidateQueries({ queryKey: ["decisions"] });
    await queries.invalidateQueries({ queryKey: ["decision", id] });
  };
}
