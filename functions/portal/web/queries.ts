import { QueryClient } from "@tanstack/react-query";
import { EventApiError } from "../../../shared/client/mod.ts";

/** What the API refused is not asked again; what it could not answer is, twice. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => !isRefusal(error) && failures < 2,
    },
  },
});

/** Whether asking again is in vain: the API has answered, with no. */
export function isRefusal(error: unknown): boolean {
  return error instanceof EventApiError && error.status < 500 && error.status !== 429;
}
